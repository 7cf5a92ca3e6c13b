import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPack } from '../storage/numpack.ts'
import { mountOverlay, NO_OVERLAY } from '../test-support/overlay.ts'
import { pack, unpack } from './index.ts'
import { scratch } from './test-support/counting-control.ts'
import { NO_PIPES } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const make = (path: string, values: number[]): string => {
  NumPack.with(path, npk => {
    npk.save({ a: values, b: [1] })
    npk.drop('a', 0)
  })
  return path
}
const valuesOf = (path: string): unknown => NumPack.with(path, { readOnly: true }, npk => npk.load('a').toList())

test('a restore leaves what the system, a file manager or a sync program put into the store where it is', async () => {
  using folder = scratch()
  const store = make(folder.file('s.npk'), [1, 2, 3])
  const target = await pack(store)
  NumPack.with(store, npk => npk.save({ a: [9], c: [1] }))
  const files = ['.DS_Store', 'Thumbs.db', 'desktop.ini', '._data_a.npkd', '.nfs00000000ab', '.fuse_hidden0000']
  files.push("data_a (Ann's conflicted copy 2026-01-02).npkd", 'data_a.sync-conflict-20260102-030405-ABCDEFG.npkd')
  for (const file of files) writeFileSync(join(store, file), 'mine')
  mkdirSync(join(store, 'lost+found'))
  writeFileSync(join(store, 'lost+found', '#12'), 'mine')
  for (let times = 0; times < 2; times++) await unpack(target, store, { overwrite: true })
  expect(valuesOf(store)).toEqual([2, 3])
  expect(existsSync(join(store, 'data_c.npkd'))).toBe(false)
  for (const file of [...files, 'lost+found/#12']) expect(readFileSync(join(store, file), 'utf8')).toBe('mine')
})

test.each([
  "data_a (Ann's conflicted copy 2026-01-02).npkd",
  'data_a.sync-conflict-20260102-030405-ABCDEFG.npkd',
  'deleted_a_conflict-20260102-030405.npkb',
  'metadata (conflicted copy).npkm',
  'data_b 2.npkd',
  'data_b (1).npkd',
])('a store with the conflict copy %s is not packed silently', async file => {
  using folder = scratch()
  const store = make(folder.file('s.npk'), [1, 2, 3])
  writeFileSync(join(store, file), 'other')
  await expect(pack(store)).rejects.toMatchObject({ code: 'DAMAGED', message: expect.stringContaining(file) })
  expect(readdirSync(folder.path)).toEqual(['s.npk'])
  rmSync(join(store, file))
  await pack(store)
})

test('arrays with numbers and conflicts in their names are packed as others', async () => {
  using folder = scratch()
  const store = folder.file('s.npk')
  const names = ['a', 'a (1)', 'a 2', 'x (conflicted copy)', 'y.sync-conflict-2']
  NumPack.with(store, npk => {
    npk.save(Object.fromEntries(names.map((name, i) => [name, [i, i]])))
    npk.drop(names, 0)
  })
  const unpacked = await unpack(await pack(store), folder.file('t.npk'))
  NumPack.with(unpacked, npk => expect(npk.getMemberList()).toEqual(names))
})

test('a restore brings back the rows of arrays whose names look like conflict copies', async () => {
  using folder = scratch()
  const store = folder.file('s.npk')
  const names = ['x (conflicted copy)', 'merge_conflict-1']
  NumPack.with(store, npk => npk.save(Object.fromEntries(names.map(name => [name, [1, 2, 3]]))))
  const target = await pack(store)
  NumPack.with(store, npk => {
    npk.drop(names, 1)
    npk.save({ 'z (conflicted copy)': [1] })
  })
  await unpack(target, store, { overwrite: true })
  NumPack.with(store, npk => {
    for (const name of names) expect(npk.load(name).toList()).toEqual([1, 2, 3])
  })
  expect(readdirSync(store).filter(file => file.includes('z (') || file.startsWith('deleted_'))).toEqual([])
})

testUnless(NO_PIPES).each(['data_a.npkd', 'deleted_a.npkb', 'deleted_gone.npkb'])(
  'a pipe in the place of %s is not left out of a package silently',
  async file => {
    using folder = scratch()
    const store = make(folder.file('s.npk'), [1, 2, 3])
    rmSync(join(store, file), { force: true })
    execFileSync('mkfifo', [join(store, file)])
    await expect(pack(store)).rejects.toMatchObject({ code: 'DAMAGED', message: expect.stringContaining(file) })
    expect(readdirSync(folder.path)).toEqual(['s.npk'])
  },
)

test.for([
  ['a disk of its own', ['-t', 'tmpfs', 'none']],
  ['a folder of the same disk', ['--bind', 'other']],
] as const)('a store is restored onto a mount point, %s', async ([, args], ctx) => {
  using folder = scratch()
  const source = make(folder.file('s.npk'), [1, 2, 3])
  const target = await pack(source)
  mkdirSync(folder.file('other'))
  const store = folder.file('mounted.npk')
  mkdirSync(store)
  const what = args.map(arg => (arg === 'other' ? folder.file(arg) : arg))
  if (spawnSync('mount', [...what, store]).status !== 0) ctx.skip('only root can mount a disk, on Linux')
  try {
    for (let times = 0; times < 2; times++) {
      await unpack(target, store, { overwrite: true })
      make(store, [7, 8])
    }
    await unpack(target, store, { overwrite: true })
    expect(valuesOf(store)).toEqual([2, 3])
    expect(readdirSync(folder.path).filter(name => name.startsWith('.'))).toEqual([])
    expect(readdirSync(store).filter(name => name.endsWith('.tmp'))).toEqual([])
  } finally {
    spawnSync('umount', ['-l', store])
  }
})

test.for(['same', 'own'] as const)('a store of an image layer (on the %s disk) is restored', async (disk, { skip }) => {
  using folder = scratch()
  const source = make(folder.file('s.npk'), [1, 2, 3])
  const target = await pack(source)
  make(source, [7, 8, 9])
  using overlay = mountOverlay(lower => cpSync(source, join(lower, 's.npk'), { recursive: true }), disk)
  if (overlay === null) return skip(NO_OVERLAY)
  const store = join(overlay.path, 's.npk')
  await unpack(target, store, { overwrite: true })
  expect(valuesOf(store)).toEqual([2, 3])
  expect(readdirSync(overlay.path)).toEqual(['s.npk'])
  return undefined
})
