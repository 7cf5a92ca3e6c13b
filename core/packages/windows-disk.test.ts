import { existsSync, renameSync } from 'node:fs'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { slice } from '../array/selection.ts'
import { NumPack } from '../storage/numpack.ts'
import { onWindowsDisk, openFilesBelow } from '../storage/test-support/windows-disk.ts'
import { disk } from '../system/files.ts'
import { handles } from '../system/handles.ts'
import { NO_PROC } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

let folder: ReturnType<typeof scratch>
let store: string
let source: string

beforeEach(async () => {
  folder = scratch()
  store = folder.file('store.npk')
  source = folder.file('source.npkg')
  await pack(source)
  NumPack.with(store, npk => {
    npk.save({ a: [1, 2, 3], b: [4, 5] })
    npk.drop('a', [0])
  })
})

afterEach(() => {
  handles.closeAll()
  vi.useRealTimers()
  folder[Symbol.dispose]()
})

async function pack(target: string): Promise<void> {
  const other = folder.file('other.npk')
  if (!existsSync(other)) NumPack.with(other, npk => npk.save({ a: [7, 8], c: [9] }))
  const job = { compression: true, overwrite: true, version: 1, verify: true } as const
  await packStore({ source: other, target, ...job }, new CountingControl())
}

const contentOf = (path: string): unknown =>
  NumPack.with(path, { readOnly: true }, npk =>
    Object.fromEntries(npk.getMemberList().map(name => [name, npk.load(name).toList()])),
  )

const UNPACKED = { a: [7, 8], c: [9] }

const OPERATIONS: [string, () => Promise<void> | void, unknown][] = [
  ['saved', () => NumPack.with(store, npk => npk.save({ a: [6] })), { a: [6], b: [4, 5] }],
  ['appended to', () => NumPack.with(store, npk => npk.append({ a: [6] })), { a: [2, 3, 6], b: [4, 5] }],
  ['restored', () => NumPack.with(store, npk => void npk.restore('a')), { a: [1, 2, 3], b: [4, 5] }],
  ['dropped from', () => NumPack.with(store, npk => void npk.drop(['a', 'b'], [0])), { a: [3], b: [5] }],
  ['updated', () => NumPack.with(store, npk => npk.update('a')), { a: [2, 3], b: [4, 5] }],
  ['removed', () => NumPack.with(store, npk => npk.remove('a')), { b: [4, 5] }],
  [
    'replaced by unpacking',
    () => unpackFile({ source, target: store, overwrite: true, verify: true }, new CountingControl()),
    UNPACKED,
  ],
]

testUnless(NO_PROC).each(OPERATIONS)(
  'arrays that are open are %s where open files can’t be replaced',
  async (_, operation, after) => {
    using reader = NumPack.open(store)
    const lazy = ['a', 'b'].map(name => reader.load(name, { lazy: true }))
    for (const array of lazy) array.get(slice(1))
    expect(openFilesBelow(store)).toHaveLength(2)
    await onWindowsDisk(operation)
    expect(contentOf(store)).toEqual(after)
  },
)

testUnless(NO_PROC)('a package is replaced, and unpacked into a new folder, with no file of it left open', async () => {
  const target = folder.file('new.npk')
  await onWindowsDisk(async () => {
    await pack(source)
    await unpackFile({ source, target, overwrite: false, verify: true }, new CountingControl())
    expect(openFilesBelow(folder.path)).toEqual([])
  })
  expect(contentOf(target)).toEqual(UNPACKED)
})

testUnless(NO_PROC)('an unpacking that fails removes its folder', async () => {
  const target = folder.file('new.npk')
  const stop = new CountingControl(checks => {
    if (checks > 3) throw new Error('stopped')
  })
  const unpacking = onWindowsDisk(() => unpackFile({ source, target, overwrite: false, verify: true }, stop))
  await expect(unpacking).rejects.toThrow('stopped')
  expect(existsSync(target)).toBe(false)
})

testUnless(NO_PROC)('an open store can be moved once nobody has read it for a while', async () => {
  vi.useFakeTimers()
  using reader = NumPack.open(store)
  reader.load('a', { lazy: true }).get(0)
  await expect(onWindowsDisk(() => disk.rename(store, folder.file('moved.npk')))).rejects.toThrow('is open')
  vi.advanceTimersByTime(4000)
  await onWindowsDisk(() => disk.rename(store, folder.file('moved.npk')))
  renameSync(folder.file('moved.npk'), store)
  expect(reader.load('a').toList()).toEqual([2, 3])
})
