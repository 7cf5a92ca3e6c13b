import { spawnSync } from 'node:child_process'
import fs, {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearLeftovers, makeHeld, removeMade, siblingOf } from './temporary.ts'
import { scratch } from './test-support/counting-control.ts'
import { NO_MODES } from '../test-support/missing.ts'
import { describeUnless, testUnless } from '../test-support/test-unless.ts'

/** No process has this number: Linux gives none above 2^22. */
const DEAD = 2 ** 22 + 1
const leftoverOf = (target: string): string => siblingOf(target).replace(`-${process.pid}-`, `-${DEAD}-`)

const makeStore = (path: string): void => {
  mkdirSync(path)
  for (const file of ['metadata.npkm', 'data_thesis.npkd']) writeFileSync(join(path, file), 'precious')
}

describeUnless(NO_MODES)('a store that was renamed to the name of a leftover', () => {
  test.each(['775', '777', '2775'])('stays in a folder of mode %s, where others may do that', mode => {
    using folder = scratch()
    const target = folder.file('x.npkg')
    const leftover = leftoverOf(target)
    makeStore(leftover)
    chmodSync(folder.path, mode)
    clearLeftovers(target)
    expect(readdirSync(leftover).sort()).toEqual(['data_thesis.npkd', 'metadata.npkm'])
  })

  test.each(['755', '700', '1777'])(
    'is taken for a leftover in a folder of mode %s, where nobody else may rename',
    mode => {
      using folder = scratch()
      const target = folder.file('x.npkg')
      makeStore(leftoverOf(target))
      chmodSync(folder.path, mode)
      clearLeftovers(target)
      expect(readdirSync(folder.path)).toEqual([])
    },
  )

  test('stays when what was made under that name is removed, where others may rename', () => {
    using folder = scratch()
    chmodSync(folder.path, 0o777)
    const temporary = siblingOf(folder.file('x.npk'))
    makeStore(temporary)
    removeMade(temporary)
    expect(readdirSync(temporary).sort()).toEqual(['data_thesis.npkd', 'metadata.npkm'])
    chmodSync(folder.path, 0o755)
    removeMade(temporary)
    expect(readdirSync(folder.path)).toEqual([])
  })
})

test('what another machine makes stays until nobody has written to it for a day', () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  const other = siblingOf(target).replace(/[0-9a-f]{8}-\d+-/, `00000000-${DEAD}-`)
  makeStore(other)
  clearLeftovers(target)
  expect(readdirSync(other)).toHaveLength(2)
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
  for (const path of [join(other, 'metadata.npkm'), other]) utimesSync(path, yesterday, yesterday)
  clearLeftovers(target)
  expect(readdirSync(other)).toHaveLength(2)
  utimesSync(join(other, 'data_thesis.npkd'), yesterday, yesterday)
  clearLeftovers(target)
  expect(readdirSync(folder.path)).toEqual([])
})

test('a container of the same host name has leftovers of its own', ctx => {
  if (spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0) ctx.skip('unshare makes no container here')
  using folder = scratch()
  const target = folder.file('x.npkg')
  const module = JSON.stringify(new URL('temporary.ts', import.meta.url).href)
  const script = `import { clearLeftovers, siblingOf } from ${module}
    import { writeFileSync } from 'node:fs'
    writeFileSync(siblingOf(${JSON.stringify(target)}), '')
    clearLeftovers(${JSON.stringify(target)})`
  const inContainer = ['--pid', '--fork', process.execPath, '--input-type=module-typescript', '-e', script]
  writeFileSync(leftoverOf(target), '')
  expect(spawnSync('unshare', inContainer, { encoding: 'utf8' }).stderr.replace(/.*Warning.*\n?/g, '')).toBe('')
  expect(readdirSync(folder.path)).toHaveLength(2)
  clearLeftovers(target)
  expect(readdirSync(folder.path)).toHaveLength(1)
})

testUnless(NO_MODES)('a folder is closed to others that takes the place of a new one at once', () => {
  using folder = scratch()
  const open = folder.file('open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const make = fs.mkdirSync
  const restore = (): void => {
    fs.mkdirSync = make
    syncBuiltinESMExports()
  }
  fs.mkdirSync = ((path: string, mode: number): void => {
    make(path, mode)
    rmdirSync(path)
    renameSync(open, path)
    restore()
  }) as typeof fs.mkdirSync
  syncBuiltinESMExports()
  try {
    using held = makeHeld(siblingOf(folder.file('x.npk')))
    expect(readdirSync(folder.path)).not.toContain('open')
    expect(statSync(held.root).mode & 0o777).toBe(0o700)
  } finally {
    restore()
  }
})
