import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { LOCK_FILE } from '../format/names.ts'
import { NumPack } from '../storage/numpack.ts'
import { openPackage, pack, unpack } from './index.ts'
import { fileMode, folderMode } from './permissions.ts'
import { ATTACKER, TEAM, VICTIM } from '../test-support/users.ts'
import { CountingControl, scratch, storePath } from './test-support/counting-control.ts'
import { packStore } from './pack.ts'
import { unpackFile } from './unpack.ts'
import { NO_MODES, NO_ROOT } from '../test-support/missing.ts'
import { describeUnless, testUnless } from '../test-support/test-unless.ts'

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

const ownersOf = (...paths: string[]): number[] => paths.flatMap(path => [statSync(path).uid, statSync(path).gid])

/** Makes a store whose folder and files have these modes. */
function makeStore(path: string, modeOfFolder: number, modeOfFiles: number): string {
  NumPack.with(path, npk => npk.save({ a: NDArray.from(new Uint8Array(3_000_000), { shape: [3_000_000] }) }))
  for (const name of readdirSync(path)) chmodSync(join(path, name), modeOfFiles)
  chmodSync(path, modeOfFolder)
  return path
}

let umask = 0
beforeEach(() => {
  umask = process.umask(0o022)
})
afterEach(() => void process.umask(umask))

describeUnless(NO_ROOT)('what root replaces', () => {
  test('keeps its owner, whether a package or the files of a store', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o750, 0o640)
    const target = await pack(store)
    const files = readdirSync(store).map(name => join(store, name))
    for (const path of [store, target, ...files]) chownSync(path, VICTIM, TEAM)
    await pack(store, target, { overwrite: true })
    await unpack(target, store, { overwrite: true })
    const now = readdirSync(store).map(name => join(store, name))
    expect(ownersOf(target, ...now)).toEqual([target, ...now].flatMap(() => [VICTIM, TEAM]))
    expect(modeOf(target)).toBe('640')
    expect(modeOf(join(store, 'data_a.npkd'))).toBe('640')
  })

  test('is not given to its owner if it is made from what belongs to another user', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o700, 0o600)
    const source = await pack(store)
    for (const path of [store, source, ...readdirSync(store).map(name => join(store, name))])
      chownSync(path, VICTIM, VICTIM)
    const theirs = makeStore(folder.file('theirs.npk'), 0o755, 0o644)
    const target = await pack(theirs)
    for (const path of [theirs, target, ...readdirSync(theirs).map(name => join(theirs, name))])
      chownSync(path, ATTACKER, ATTACKER)
    await pack(store, target, { overwrite: true })
    await unpack(source, theirs, { overwrite: true })
    const restored = readdirSync(theirs).filter(name => !name.startsWith(LOCK_FILE))
    for (const path of [target, ...restored.map(name => join(theirs, name))]) {
      expect(ownersOf(path), path).toEqual([0, 0])
      expect(modeOf(path), path).toBe('600')
    }
  })

  test('stays with the owner of a store whose metadata another user saved last', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o770, 0o600)
    const source = await pack(store)
    for (const path of [store, source, ...readdirSync(store).map(name => join(store, name))])
      chownSync(path, VICTIM, TEAM)
    chownSync(join(store, 'metadata.npkm'), ATTACKER, TEAM)
    await unpack(source, store, { overwrite: true })
    for (const name of readdirSync(store)) expect(ownersOf(join(store, name)), name).toEqual([VICTIM, TEAM])
  })
})

describeUnless(NO_MODES)('a package', () => {
  test.each([
    ['700', '600', '600'],
    ['755', '600', '600'],
    ['700', '644', '600'],
    ['750', '644', '640'],
    ['755', '640', '640'],
    ['755', '644', '644'],
    ['777', '666', '644'],
    ['755', '400', '600'],
  ])('of a store of mode %s with files of mode %s is no more readable than they are', async (around, files, mode) => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), parseInt(around, 8), parseInt(files, 8))
    expect(modeOf(await pack(store))).toBe(mode)
  })

  test('is as private as the most private of its files', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o755, 0o644)
    chmodSync(join(store, 'data_a.npkd'), 0o600)
    expect(modeOf(await pack(store))).toBe('600')
  })

  test.each([
    ['700', '600'],
    ['750', '640'],
    ['755', '644'],
  ])('of segments in a folder of mode %s is no more readable than they are', async (around, mode) => {
    using folder = scratch()
    const store = folder.file('x.npk')
    cpSync(storePath('segmented.npk'), store, { recursive: true })
    for (const entry of readdirSync(store, { recursive: true, withFileTypes: true })) {
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? parseInt(around, 8) : 0o644)
    }
    chmodSync(store, 0o755)
    expect(modeOf(await pack(store))).toBe(mode)
  })

  test('that replaces a private one stays private', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o755, 0o644)
    const target = await pack(store)
    for (const mode of [0o600, 0o640, 0o644]) {
      chmodSync(target, mode)
      await pack(store, target, { overwrite: true })
      expect(modeOf(target)).toBe(mode.toString(8))
      chmodSync(target, 0o644)
    }
  })

  test('and an unpacked store are private until they are complete', async () => {
    using folder = scratch()
    const store = makeStore(folder.file('x.npk'), 0o755, 0o644)
    const modes = new Set<string>()
    const control = new CountingControl(() => {
      for (const name of readdirSync(folder.path).filter(name => name.endsWith('.tmp'))) {
        modes.add(`${name.slice(0, 7)} ${modeOf(folder.file(name))}`)
      }
    })
    const target = folder.file('x.npkg')
    await packStore({ source: store, target, compression: true, overwrite: false, version: 1, verify: false }, control)
    expect([...modes]).toContain('.x.npkg 600')
    modes.clear()
    await unpackFile({ source: target, target: folder.file('y.npk'), overwrite: false, verify: true }, control)
    expect([...modes]).toContain('.y.npk. 700')
  })
})

describeUnless(NO_MODES)('an unpacked store', () => {
  test.each([
    ['600', '700', '600'],
    ['640', '750', '640'],
    ['644', '755', '644'],
    ['666', '755', '644'],
  ])('of a package of mode %s is no more readable than the package', async (mode, around, files) => {
    using folder = scratch()
    const source = await pack(makeStore(folder.file('x.npk'), 0o755, 0o644))
    chmodSync(source, parseInt(mode, 8))
    const target = await unpack(source, folder.file('y.npk'))
    expect(modeOf(target)).toBe(around)
    expect(readdirSync(target).map(name => modeOf(join(target, name)))).toEqual([files, files])
  })

  test('is no more readable than the store that it replaces', async () => {
    using folder = scratch()
    const source = await pack(makeStore(folder.file('x.npk'), 0o755, 0o644))
    const target = makeStore(folder.file('y.npk'), 0o755, 0o600)
    await unpack(source, target, { overwrite: true })
    const files = readdirSync(target).filter(name => /^data|^meta/.test(name))
    expect(files.map(name => modeOf(join(target, name)))).toEqual(['600', '600'])
    chmodSync(target, 0o700)
    await unpack(source, target, { overwrite: true })
    expect(modeOf(target)).toBe('700')
  })

  test('grants no more than the umask', async () => {
    using folder = scratch()
    const source = await pack(makeStore(folder.file('x.npk'), 0o755, 0o644))
    process.umask(0o077)
    const target = await unpack(source, folder.file('y.npk'))
    expect([modeOf(target), modeOf(join(target, 'data_a.npkd'))]).toEqual(['700', '600'])
  })
})

testUnless(NO_ROOT)('a package of files that one group may read is closed to other groups', async () => {
  using folder = scratch()
  const store = makeStore(folder.file('x.npk'), 0o755, 0o640)
  for (const name of readdirSync(store)) chownSync(join(store, name), 0, TEAM)
  expect(modeOf(await pack(store))).toBe('600')
})

test('the mode of a new file or folder grants only what the usual mode and all its sources grant', () => {
  const usual = { mode: 0o755, gid: 1 }
  expect(fileMode(usual, [])).toBe(0o644)
  expect(fileMode(usual, [{ mode: 0o640, gid: 1 }])).toBe(0o640)
  expect(fileMode(usual, [{ mode: 0o640, gid: 2 }])).toBe(0o600)
  expect(fileMode(usual, [{ mode: 0o644, gid: 2 }])).toBe(0o644)
  expect(fileMode(usual, [{ mode: 0o604, gid: 2 }])).toBe(0o600)
  expect(folderMode(usual, [{ mode: 0o640, gid: 1 }])).toBe(0o750)
  expect(folderMode({ mode: 0o700, gid: 1 }, [{ mode: 0o644, gid: 1 }])).toBe(0o700)
})

testUnless(NO_MODES)('files decompressed from an open package are private to this user', async () => {
  using folder = scratch()
  const source = await pack(makeStore(folder.file('x.npk'), 0o755, 0o644))
  mkdirSync(folder.file('cache'), { mode: 0o755 })
  writeFileSync(folder.file('cache/other'), '')
  using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
  opened.load('a')
  const made = readdirSync(folder.file('cache'), { recursive: true, encoding: 'utf8' }).filter(name => name !== 'other')
  expect(made.map(name => modeOf(folder.file(join('cache', name))))).toEqual(['700', '600'])
})
