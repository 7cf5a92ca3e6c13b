import { readdirSync } from 'node:fs'
import { expect } from 'vitest'
import { NumPack } from '../storage/numpack.ts'
import { openStore } from '../storage/read/store.ts'
import { getPackageInfo, pack } from './index.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { testUnless } from '../test-support/test-unless.ts'

const NAMES = ['aux', 'a:b', 'end.', 'end ', 'Case', 'case']

function storeWithSuchNames(path: string): string {
  NumPack.with(path, npk => npk.save(Object.fromEntries(NAMES.map((name, i) => [name, [i]]))))
  return path
}

const NO_SUCH_NAMES =
  process.platform === 'win32' || process.platform === 'darwin' ? 'a store here can’t have all of these names' : null

testUnless(NO_SUCH_NAMES)('arrays whose names Windows refuses are read, each with a warning', () => {
  using folder = scratch()
  const store = openStore(storeWithSuchNames(folder.file('x.npk')))
  expect(store.arrays.map(({ name, damaged }) => [name, damaged])).toEqual(NAMES.toSorted().map(name => [name, null]))
  const warned = store.arrays.filter(({ warnings }) => warnings.some(text => text.includes('Windows')))
  expect(warned.map(({ name }) => name)).toEqual(['a:b', 'aux', 'end ', 'end.'])
  expect(store.warnings.join()).toMatch(/'Case' and 'case' differ only in case/)
  store.close()
})

testUnless(NO_SUCH_NAMES)('a package says which of its files can’t be unpacked on Windows', async () => {
  using folder = scratch()
  const path = await pack(storeWithSuchNames(folder.file('x.npk')))
  const { files } = await getPackageInfo(path)
  const problems = files.filter(({ windowsProblem }) => windowsProblem !== null)
  expect(problems.map(({ name }) => name)).toEqual(['data_a:b.npkd', 'data_case.npkd'])
})

testUnless(NO_SUCH_NAMES)('on Windows such a package is refused before anything is written', async () => {
  using folder = scratch()
  const source = await pack(storeWithSuchNames(folder.file('x.npk')))
  const job = { source, target: folder.file('y.npk'), overwrite: false, verify: true }
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor
  Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
  try {
    const message = expect.stringContaining("'data_a:b.npkd' in it can't be a file there") as string
    await expect(unpackFile(job, new CountingControl())).rejects.toMatchObject({ code: 'NAME', message })
  } finally {
    Object.defineProperty(process, 'platform', platform)
  }
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg'])
})
