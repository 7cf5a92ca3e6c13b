import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { slice } from '../../array/selection.ts'
import { killedAtEachStep } from '../test-support/watch-disk.ts'

let root = ''
let path = ''
let snapshot = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hard-links-'))
  path = join(root, 'store.npk')
  snapshot = join(root, 'snapshot.npk')
})
afterEach(() => removeFolder(root))

function linkAll(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkAll(join(from, entry.name), join(to, entry.name))
    else linkSync(join(from, entry.name), join(to, entry.name))
  }
}

const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'hex')]),
  )

const values = (name: string): unknown => NumPack.with(path, { readOnly: true }, npk => npk.load(name).toList())

test.each<[string, (npk: NumPack) => void, number[]]>([
  ['append', npk => npk.append({ a: [7] }), [1, 2, 3, 7]],
  ['replace', npk => npk.replace({ a: [7, 8] }, [0, 2]), [7, 2, 8]],
  ['an edit in place', npk => npk.writableBatchMode(wb => void wb.load('a').iadd(1)), [2, 3, 4]],
  ['an assignment in place', npk => npk.writableBatchMode(wb => void wb.load('a').set(0, 9)), [9, 2, 3]],
  [
    'an edit of blocks',
    npk => npk.writableBatchMode(wb => void wb.load('a').applyBlocks(block => block.set('...', 5))),
    [5, 5, 5],
  ],
  ['drop', npk => void npk.drop('a', 0), [2, 3]],
  ['save', npk => npk.save({ a: [5] }), [5]],
])('%s of a store leaves its hard-linked snapshot as it was', (_what, change, expected) => {
  NumPack.with(path, npk => npk.save({ a: [1, 2, 3] }))
  linkAll(path, snapshot)
  const before = bytesOf(snapshot)
  NumPack.with(path, change)
  expect(bytesOf(snapshot)).toEqual(before)
  expect(values('a')).toEqual(expected)
  expect(readdirSync(path).filter(file => file.endsWith('.tmp'))).toEqual([])
})

test('replace of a hard-linked array keeps what another program has appended and not yet counted', () => {
  NumPack.with(path, npk => npk.save({ a: Uint8Array.of(1, 2, 3) }))
  linkAll(path, snapshot)
  const file = join(path, 'data_a.npkd')
  writeFileSync(file, Uint8Array.of(1, 2, 3, 4, 5))
  NumPack.with(path, npk => npk.replace({ a: Uint8Array.of(9) }, [0]))
  expect([...readFileSync(file)]).toEqual([9, 2, 3, 4, 5])
  expect(statSync(file).nlink).toBe(1)
})

test.each<[string, (npk: NumPack) => void]>([
  ['append', npk => npk.append({ a: [true] })],
  ['replace', npk => npk.replace({ a: [false] }, 0)],
  ['an assignment in place', npk => npk.writableBatchMode(wb => void wb.load('a').set(0, false))],
])('%s of bools leaves the hard-linked snapshot as it was', (_what, change) => {
  NumPack.with(path, npk => npk.save({ a: [true, false] }))
  linkAll(path, snapshot)
  const before = bytesOf(snapshot)
  NumPack.with(path, change)
  expect(bytesOf(snapshot)).toEqual(before)
})

test('a large array edited by several threads leaves its hard-linked snapshot as it was', () => {
  const rows = 2 ** 21
  NumPack.with(path, npk => npk.save({ a: NDArray.zeros([rows, 10], 'float32') }))
  linkAll(path, snapshot)
  NumPack.with(path, npk => npk.writableBatchMode(wb => void wb.load('a').iadd(1)))
  expect(readFileSync(join(snapshot, 'data_a.npkd')).every(byte => byte === 0)).toBe(true)
  expect(NumPack.with(path, npk => npk.getitem('a', slice(rows - 1)).toList())).toEqual([Array(10).fill(1)])
})

test('a segmented array that is written to leaves its hard-linked snapshot as it was', () => {
  using store = new ScratchStore({
    name: 'a',
    dtype: 'int16',
    shape: [4],
    data: Int16Array.of(1, 2, 3, 4),
    segments: [2, 2],
  })
  cpSync(store.path, path, { recursive: true })
  linkAll(path, snapshot)
  const before = bytesOf(snapshot)
  using npk = NumPack.open(path)
  npk.append({ a: Int16Array.of(5) })
  npk.replace({ a: Int16Array.of(9) }, 0)
  npk.writableBatchMode(wb => void wb.load('a').iadd(1))
  expect(bytesOf(snapshot)).toEqual(before)
  expect(npk.load('a').toList()).toEqual([10, 3, 4, 5, 6])
})

test('what is open on an array goes on when its file is taken out of a snapshot', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2, 3] })
  const lazy = npk.load('a', { lazy: true })
  expect(lazy.get(0)).toBe(1)
  linkAll(path, snapshot)
  npk.replace({ a: [7] }, 0)
  expect(lazy.get(0)).toBe(7)
})

test('a file of somebody else that a data file is a hard link to is not written to', () => {
  NumPack.with(path, npk => npk.save({ a: new Uint8Array(8) }))
  const precious = join(root, 'precious')
  writeFileSync(precious, 'precious')
  rmSync(join(path, 'data_a.npkd'))
  linkSync(precious, join(path, 'data_a.npkd'))
  NumPack.with(path, npk => {
    npk.replace({ a: Uint8Array.of(0, 0) }, [0, 1])
    npk.append({ a: Uint8Array.of(1) })
  })
  expect(readFileSync(precious, 'utf8')).toBe('precious')
  expect(statSync(precious).nlink).toBe(1)
})

test('rows that an interrupted replace left in its write log are not written into a snapshot', () => {
  NumPack.with(path, npk => npk.save({ a: [1, 2, 3] }))
  const copies = NumPack.with(path, npk => killedAtEachStep(path, () => npk.replace({ a: [9] }, 1)))
  for (const [i, copy] of copies.entries()) {
    linkAll(copy, `${snapshot}-${i}`)
    const before = bytesOf(`${snapshot}-${i}`)
    const seen = NumPack.with(copy, { readOnly: true }, npk => npk.load('a').toList())
    NumPack.open(copy).close()
    NumPack.with(copy, npk => {
      npk.save({ b: [1] })
      expect(npk.load('a').toList()).toEqual(seen)
    })
    expect(bytesOf(`${snapshot}-${i}`)).toEqual(before)
  }
})
