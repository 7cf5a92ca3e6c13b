import { removeFolder } from '../test-support/remove-folder.ts'
import { existsSync, linkSync, mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LIMITS } from '../format/limits.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { HandlePool } from '../system/handles.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { NumPack } from './numpack.ts'
import { RowMap } from '../array/rowmap.ts'
import { Slice } from '../array/selection.ts'
import { openStore } from './read/store.ts'

/** Hostile stores claim sizes: of metadata, bitmaps, segment lists and arrays. None is read or allocated unchecked. */

const METADATA_HEADER_BYTES = 20
const BITMAP_HEADER_BYTES = 16

let path: string

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'claims-'))
})

afterEach(() => removeFolder(path))

class CountingPool extends HandlePool {
  bytesRead = 0

  override readOpened(...args: Parameters<HandlePool['readOpened']>): ReturnType<HandlePool['readOpened']> {
    const read = super.readOpened(...args)
    this.bytesRead += read.bytes.length
    return read
  }
}

function writeSparse(name: string, head: Uint8Array, size: number): void {
  writeFileSync(join(path, name), head)
  truncateSync(join(path, name), size)
}

const bitmapHeader = (rows: number, deleted: number): Uint8Array =>
  new Uint8Array(BigUint64Array.of(BigInt(rows), BigInt(deleted)).buffer)

function writeMetadata(
  arrays: Record<string, readonly number[]>,
  dataFile = (name: string) => `data_${name}.npkd`,
): number {
  const records = Object.entries(arrays).map(([name, shape]) => ({
    name,
    shape,
    dtype: 'float32' as const,
    dataFile: dataFile(name),
    lastModified: 0,
    sizeBytes: 0,
  }))
  const bytes = encodeMetadata(records)
  writeFileSync(join(path, 'metadata.npkm'), bytes)
  for (const { dataFile } of records) if (dataFile.endsWith('.npkd')) writeFileSync(join(path, dataFile), '')
  return bytes.length
}

test('metadata larger than the limit is refused by its size, unread', () => {
  writeSparse('metadata.npkm', encodeMetadata([]), 200_000_000)
  const pool = new CountingPool()
  expect(() => openStore(path, { readOnly: true, pool })).toThrow(
    expect.objectContaining({
      code: 'DAMAGED',
      details: expect.objectContaining({ limit: LIMITS.metadataBytes }),
    }) as Error,
  )
  expect(pool.bytesRead).toBe(0)
})

test('a store of a million arrays is refused with the limit', () => {
  const record = encodeMetadata([{ name: '', shape: [], dtype: 'bool', dataFile: '', lastModified: 0, sizeBytes: 0 }])
  const header = record.slice(0, METADATA_HEADER_BYTES)
  new DataView(header.buffer).setUint32(16, 1_000_000, true)
  writeSparse('metadata.npkm', header, LIMITS.metadataBytes)
  expect(() => openStore(path, { readOnly: true })).toThrow(/record count beyond the file/)
  new DataView(header.buffer).setUint32(16, 600_000, true)
  writeSparse('metadata.npkm', header, LIMITS.metadataBytes)
  expect(() => openStore(path, { readOnly: true })).toThrow(/metadata of 600000 arrays; at most 100000 are opened/)
})

test('only the bytes that its rows need are read of a bitmap, however long its file is', () => {
  const metadata = writeMetadata({ a: [1000, 0] })
  writeSparse('deleted_a.npkb', bitmapHeader(1000, 1000), 200_000_000)
  const pool = new CountingPool()
  const [info] = openStore(path, { readOnly: true, pool }).arrays
  expect(info).toMatchObject({ shape: [0, 0], deletedRows: 1000, damaged: null })
  expect(info?.warnings).toEqual([expect.stringContaining('torn')])
  expect(pool.bytesRead - metadata).toBe(BITMAP_HEADER_BYTES + 128 + 1)
})

test('a bitmap of another number of rows is reported with the size of its file', () => {
  writeMetadata({ a: [1000, 0] })
  writeSparse('deleted_a.npkb', bitmapHeader(7, 7), 200_000_000)
  expect(openStore(path, { readOnly: true }).arrays[0]?.damaged).toBe(
    'its deletion bitmap is not one for 1000 rows (200000000 bytes)',
  )
})

test('bitmaps of rows without elements, whose number no data file confirms, have a lower limit', () => {
  const rows = 2 ** 31
  const metadata = writeMetadata({ a: [rows, 0], b: [2 ** 52, 0], c: [640, 0] })
  writeSparse('deleted_a.npkb', bitmapHeader(rows, rows), BITMAP_HEADER_BYTES + rows / 8)
  writeSparse('deleted_b.npkb', bitmapHeader(2 ** 52, 0), BITMAP_HEADER_BYTES + 2 ** 43)
  writeSparse('deleted_c.npkb', bitmapHeader(640, 640), BITMAP_HEADER_BYTES + 80)
  const pool = new CountingPool()
  const store = openStore(path, { readOnly: true, pool })
  const damaged = store.arrays.map(({ damaged }) => damaged)
  expect(damaged).toEqual([expect.stringContaining('16777216'), expect.stringContaining('16777216'), null])
  expect(pool.bytesRead - metadata).toBe(BITMAP_HEADER_BYTES + 80)
  expect(store.refresh().any).toBe(false)
})

test('a segment list that many records share is read until the limit of the store is reached', () => {
  const segments = [{ file: 'data_s.npkd', rows: 0, bytes: 0 }]
  const list = Buffer.from(JSON.stringify({ version: 1, segments }).padEnd(400_000))
  writeFileSync(join(path, 'data_s.npkseg'), list)
  writeFileSync(join(path, 'data_s.npkd'), '')
  const names = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'))
  writeMetadata(Object.fromEntries(names.map(name => [name, [0, 4]])), () => 'data_s.npkseg')
  const pool = new CountingPool()
  const { arrays } = openStore(path, { readOnly: true, pool })
  const readable = Math.floor(LIMITS.segmentListBytes / list.length)
  expect(arrays.filter(({ damaged }) => damaged === null)).toHaveLength(readable)
  expect(arrays.at(-1)?.damaged).toContain('8388608 bytes at most')
  expect(pool.bytesRead).toBeLessThanOrEqual(LIMITS.segmentListBytes + LIMITS.metadataBytes)
})

const listOf = (files: readonly string[]): string =>
  JSON.stringify({ version: 1, segments: files.map(file => ({ file, rows: 2, bytes: 8 })) })

test('an array whose segment list names one file again and again is damaged, and none of its bytes are copied', () => {
  const count = 16_384
  writeMetadata({ a: [2 * count, 1], linked: [4, 1], b: [2, 1] }, name =>
    name === 'b' ? 'data_b.npkd' : `data_${name}.npkseg`,
  )
  writeFileSync(join(path, 'data_b.npkd'), new Uint8Array(8))
  linkSync(join(path, 'data_b.npkd'), join(path, 'data_c.npkd'))
  writeFileSync(join(path, 'data_a.npkseg'), listOf(Array.from({ length: count }, () => 'data_b.npkd')))
  writeFileSync(join(path, 'data_linked.npkseg'), listOf(['data_b.npkd', 'data_c.npkd']))
  using npk = NumPack.open(path)
  expect(npk.damaged).toEqual([
    { name: 'a', reason: 'segment 1 is a file that its segment list named before (data_b.npkd)' },
    { name: 'linked', reason: 'segment 1 is a file that its segment list named before (data_c.npkd)' },
  ])
  for (const name of ['a', 'linked']) {
    expect(() => npk.clone(name, 'copy')).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
    expect(() => npk.load(name)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
  }
  expect(npk.load('b').toList()).toEqual([[0], [0]])
  npk.remove('a')
  expect(existsSync(join(path, 'data_b.npkd'))).toBe(true)
})

test('a segment list larger than the limit is refused by its size, unread', () => {
  const metadata = writeMetadata({ a: [1, 1] }, () => 'data_a.npkseg')
  writeSparse('data_a.npkseg', new Uint8Array(0), 200_000_000)
  const pool = new CountingPool()
  expect(openStore(path, { readOnly: true, pool }).arrays[0]?.damaged).toContain('8388608 bytes at most')
  expect(pool.bytesRead).toBe(metadata)
})

test('no folder is opened for data files that lie too deep, neither on opening nor on a refresh', () => {
  const deep = 'a/'.repeat(100)
  mkdirSync(join(path, deep), { recursive: true })
  const names = Array.from({ length: 50 }, (_, i) => String(i))
  const segments = Array.from({ length: 50 }, () => ({ file: `${deep}b.npkd`, rows: 0, bytes: 0 }))
  writeFileSync(join(path, 'data_s.npkseg'), JSON.stringify({ version: 1, segments }))
  writeMetadata({ ...Object.fromEntries(names.map(name => [name, [1]])), s: [0] }, name =>
    name === 's' ? 'data_s.npkseg' : `${deep}b.npkd`,
  )
  writeFileSync(join(path, deep, 'b.npkd'), new Uint8Array(4))
  const open = vi.spyOn(HeldFolder, 'open')
  try {
    const store = openStore(path, { readOnly: true })
    store.refresh()
    for (const name of [...names, 's']) expect(store.get(name)?.damaged).toContain('lies too deep')
    expect(open).not.toHaveBeenCalled()
  } finally {
    open.mockRestore()
  }
})

test('only the first warnings of a folder are listed one by one', () => {
  writeMetadata({})
  mkdirSync(join(path, 'data_folder.npkd'))
  for (let i = 0; i < 500; i++) {
    writeFileSync(join(path, `deleted_${i}.npkb`), '')
    writeFileSync(join(path, `${i}.tmp`), '')
  }
  const { warnings } = openStore(path, { readOnly: true })
  expect(warnings).toHaveLength(LIMITS.warnings + 1)
  expect(warnings.at(-1)).toBe('402 more like these')
  expect(warnings.join().length).toBeLessThan(20_000)
})

test('RowMap looks for the next active or deleted row only up to the word of a given end', () => {
  const rows = 10_000
  const words = new Uint32Array(Math.ceil(rows / 32))
  const none = new RowMap(words.slice(), rows)
  const all = new RowMap(words.fill(0xffffffff), rows)
  for (const end of [1, 31, 32, 33, 5000, rows]) {
    expect(none.nextActive(0, end)).toBeGreaterThanOrEqual(end)
    expect(none.nextActive(0, end)).toBeLessThan(end + 32)
    expect(all.nextDeleted(0, end)).toBeGreaterThanOrEqual(end)
    expect([none.nextDeleted(7, end), all.nextActive(7, end)]).toEqual([7, 7])
  }
  expect([none.nextActive(0), all.nextDeleted(0)]).toEqual([rows, rows])
})

test('reading an array of any number of rows without elements takes no time and no memory', () => {
  const rows = 2 ** 53 - 1
  writeMetadata({ a: [rows, 0], b: [3, rows, 0] })
  using opened = NumPack.open(path, { readOnly: true })
  expect(opened.load('a').shape).toEqual([rows, 0])
  expect(() => opened.load('a').toList()).toThrow(expect.objectContaining({ code: 'SHAPE' }) as Error)
  expect(() => opened.load('b').toList()).toThrow(expect.objectContaining({ code: 'SHAPE' }) as Error)
  const [a, b] = [opened.load('a', { lazy: true }), opened.load('b', { lazy: true })]
  expect(a.batches(rows).next().value).toMatchObject({ shape: [rows, 0] })
  expect([...opened.streamLoad('a', 2 ** 52)]).toHaveLength(2)
  expect(a[Symbol.iterator]().next().value).toMatchObject({ shape: [0] })
  expect(a.get(rows - 1)).toMatchObject({ shape: [0] })
  expect(a.get(new Slice(null, null, -3))).toMatchObject({ shape: [Math.ceil(rows / 3), 0] })
  expect(b.get(1, [0, rows - 1])).toMatchObject({ shape: [2, 0] })
  expect([...a.deletedRows]).toEqual([])
})
