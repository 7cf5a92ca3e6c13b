import fs, {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { expect, test, vi } from 'vitest'
import { encodeBitmap } from '../format/bitmap.ts'
import type { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { slice } from '../array/selection.ts'
import { handles } from '../system/handles.ts'
import { type ScratchArray, ScratchStore } from '../test-support/scratch-store.ts'
import { openStore } from './read/store.ts'
import { NO_LINKS } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })

const ints = (name: string, rows: number, from = 0): ScratchArray => ({
  name,
  dtype: 'int32',
  shape: [rows, 2],
  data: Int32Array.from({ length: rows * 2 }, (_, i) => from + i),
})

/** Both files exist for a moment: the disk would give the new one the inode of the old one. */
function replaceFile(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes)
  rmSync(path)
  renameSync(`${path}.new`, path)
}

test('what another program wrote is seen by the next call', () => {
  using store = new ScratchStore(ints('a', 3))
  using npk = NumPack.open(store.path)
  expect(npk.getShape('a')).toEqual([3, 2])
  store.write(ints('a', 5), ints('new', 2))
  expect(npk.load('a').shape).toEqual([5, 2])
  expect(npk.getMemberList()).toEqual(['a', 'new'])
  writeFileSync(
    store.file('deleted_a.npkb'),
    encodeBitmap(5, row => row === 1),
  )
  expect(npk.getShape('a')).toEqual([4, 2])
  expect((npk.load('a', { lazy: true }).get(1) as NDArray).toList()).toEqual([4, 5])
  rmSync(store.file('deleted_a.npkb'))
  expect(npk.load('a').shape).toEqual([5, 2])
  store.write(ints('new', 2))
  expect(npk.hasArray('a')).toBe(false)
  expect(() => npk.load('a')).toThrow(code('NOT_FOUND'))
  rmSync(store.file('data_new.npkd'))
  expect(() => npk.load('new')).toThrow(code('DAMAGED'))
  expect(npk.damaged).toEqual([{ name: 'new', reason: expect.stringContaining('missing') }])
})

test('what another program wrote is seen by the next call, however soon after a call for another array', () => {
  using store = new ScratchStore(ints('a', 3), ints('b', 3))
  using npk = NumPack.open(store.path)
  npk.load('b')
  writeFileSync(
    store.file('deleted_b.npkb'),
    encodeBitmap(3, row => row === 1),
  )
  using clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000)
  npk.load('a')
  expect(npk.load('b').shape).toEqual([2, 2])
  expect(clock).toHaveBeenCalled()
})

test('rows appended or changed in place leave a lazy array as long as it was', () => {
  using store = new ScratchStore(ints('a', 3))
  using npk = NumPack.open(store.path)
  const lazy = npk.load('a', { lazy: true })
  expect(lazy.get(0, 0)).toBe(0)
  appendFileSync(store.file('data_a.npkd'), new Uint8Array(8))
  expect(lazy.get(2, 1)).toBe(5)
  expect(lazy.shape).toEqual([3, 2])
})

test.each([
  ['replaced', (store: ScratchStore) => replaceFile(store.file('data_a.npkd'), new Uint8Array(800))],
  [
    'replaced by renaming',
    (store: ScratchStore) => {
      writeFileSync(store.file('other'), new Uint8Array(800))
      renameSync(store.file('other'), store.file('data_a.npkd'))
    },
  ],
  ['cut short', (store: ScratchStore) => truncateSync(store.file('data_a.npkd'), 100)],
  ['removed', (store: ScratchStore) => rmSync(store.file('data_a.npkd'))],
])('an array %s on disk gives CHANGED_ON_DISK, never mixed rows', (how, change) => {
  // Nothing is renamed to an open file on Windows.
  const isRefused = process.platform === 'win32' && how === 'replaced by renaming'
  for (const closeFirst of isRefused ? [true] : [true, false]) {
    using store = new ScratchStore(ints('a', 100))
    using npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    const batches = lazy.batches(30)
    expect(batches.next().value.get(29, 1)).toBe(59)
    if (closeFirst) handles.closeAll()
    change(store)
    expect(() => lazy.get(0)).toThrow(code('CHANGED_ON_DISK'))
    expect(() => lazy.get(99)).toThrow(code('CHANGED_ON_DISK'))
    expect(() => lazy.get(slice(50))).toThrow(code('CHANGED_ON_DISK'))
    expect(() => lazy.get([1, 99], 0)).toThrow(code('CHANGED_ON_DISK'))
    expect(() => batches.next()).toThrow(code('CHANGED_ON_DISK'))
  }
})

test('an array whose rows another program replaces while it is loaded has the old rows or the new ones', () => {
  using store = new ScratchStore(ints('a', 100))
  using npk = NumPack.open(store.path)
  expect(npk.load('a').get(0, 0)).toBe(0)
  const file = store.file('data_a.npkd')
  const readSync = fs.readSync
  const restore = (): void => {
    fs.readSync = readSync
    syncBuiltinESMExports()
  }
  fs.readSync = ((fd: number, target: Uint8Array, offset: number, length: number, position: number): number => {
    if (length !== 800) return readSync(fd, target, offset, length, position)
    restore()
    readSync(fd, target, offset, 400, position)
    writeFileSync(file, new Uint8Array(800).fill(1), { flag: 'r+' })
    // Some systems give two writes in quick succession the same time.
    utimesSync(file, 1e9, 1e9)
    return 400 + readSync(fd, target, offset + 400, 400, position + 400)
  }) as typeof fs.readSync
  syncBuiltinESMExports()
  try {
    expect(npk.load('a').data).toEqual(new Int32Array(200).fill(0x01010101))
  } finally {
    restore()
  }
})

test('a segment that was replaced gives CHANGED_ON_DISK when it is read', () => {
  using store = new ScratchStore({ ...ints('a', 10), segments: [5, 5] })
  using npk = NumPack.open(store.path)
  const lazy = npk.load('a', { lazy: true })
  expect(lazy.get(4, 1)).toBe(9)
  replaceFile(store.file('data_a_segments/seg_000001.npkd'), new Uint8Array(40))
  expect(() => lazy.toNDArray()).toThrow(code('CHANGED_ON_DISK'))
})

test('refresh says what changed and keeps the rest', () => {
  using store = new ScratchStore(ints('a', 3), ints('b', 3))
  const opened = openStore(store.path, { readOnly: true })
  const [a, b] = [opened.get('a')!, opened.get('b')!]
  expect(opened.refresh()).toEqual({ changed: [], removed: [], any: false })
  writeFileSync(
    store.file('deleted_b.npkb'),
    encodeBitmap(3, row => row === 0),
  )
  expect(opened.refresh()).toEqual({ changed: ['b'], removed: [], any: true })
  expect(opened.get('a')).toBe(a)
  expect(opened.get('b')).toMatchObject({ shape: [2, 2], deletedRows: 1 })
  expect(opened.get('b')!.generation).toBeGreaterThan(b.generation)
  utimesSync(store.file('data_a.npkd'), 1, 1)
  expect(opened.refresh().changed).toEqual(['a'])
  writeFileSync(store.file('data_a.npkd.tmp'), '')
  expect(opened.refresh()).toEqual({ changed: [], removed: [], any: true })
  expect(opened.warnings).toEqual([expect.stringContaining('data_a.npkd.tmp')])
  store.write(ints('a', 3))
  expect(opened.refresh()).toMatchObject({ removed: ['b'] })
  expect(opened.warnings).toEqual(
    expect.arrayContaining([expect.stringContaining('deleted_b.npkb'), expect.stringContaining('data_b.npkd')]),
  )
  store.write(ints('a', 3), ints('b', 3))
  opened.refresh()
  expect(opened.get('b')!.generation).toBeGreaterThan(b.generation + 1)
})

test('refresh throws when the store breaks, and works again when it is whole again', () => {
  using store = new ScratchStore(ints('a', 3))
  const opened = openStore(store.path, { readOnly: true })
  const metadata = readFileSync(store.file('metadata.npkm'))
  writeFileSync(store.file('metadata.npkm'), metadata.subarray(0, 30))
  expect(() => opened.refresh()).toThrow(code('DAMAGED'))
  rmSync(store.file('metadata.npkm'))
  expect(() => opened.refresh()).toThrow(code('NOT_A_STORE'))
  writeFileSync(store.file('metadata.npkm'), metadata)
  opened.refresh()
  expect(opened.reader('a').readAll().get(2, 1)).toBe(5)
  rmSync(store.path, { recursive: true })
  expect(() => opened.refresh()).toThrow(code('NOT_FOUND'))
})

testUnless(NO_LINKS)('no symbolic link of a store is followed, whether it leads out of it or not', () => {
  using outside = new ScratchStore(ints('secret', 3))
  using store = new ScratchStore(ints('a', 3), ints('b', 3), { ...ints('c', 4), segments: [2, 2] })
  const relink = (file: string, target: string) => {
    rmSync(store.file(file), { recursive: true })
    symlinkSync(target, store.file(file))
  }
  relink('data_a.npkd', store.file('data_b.npkd'))
  relink('data_b.npkd', outside.file('data_secret.npkd'))
  relink('data_c_segments', outside.path)
  using npk = NumPack.open(store.path)
  expect(npk.damaged.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(() => npk.load('b')).toThrow(code('PATH_ESCAPE'))
  relink('data_b.npkd', store.file('data_a.npkd.real'))
  writeFileSync(store.file('data_a.npkd.real'), new Uint8Array(24))
  expect(() => npk.load('a')).toThrow(code('PATH_ESCAPE'))
})

testUnless(NO_LINKS)('a store may be reached through a symbolic link', () => {
  using store = new ScratchStore(ints('a', 3))
  const link = `${store.path}-link`
  symlinkSync(store.path, link)
  using npk = NumPack.open(link)
  expect(npk.load('a').size).toBe(6)
})
