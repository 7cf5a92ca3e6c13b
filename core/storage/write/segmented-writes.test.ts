import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { slice } from '../../array/selection.ts'
import { disk } from '../../system/files.ts'
import { handles } from '../../system/handles.ts'
import { ioError } from '../../system/io-error.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { NumPack } from '../numpack.ts'
import { encodeWriteLog, WRITE_LOG_FILE } from '../read/write-log.ts'
import { testUnless } from '../../test-support/test-unless.ts'

const segmented = (rows: number, segments: number): ScratchStore =>
  new ScratchStore({
    name: 'a',
    dtype: 'int16',
    shape: [rows * segments],
    data: new Int16Array(rows * segments),
    segments: Array(segments).fill(rows),
  })

test.each([1, 2, 3, 7])('rows of several segments are replaced each in its own file (%i rows a segment)', rows => {
  using store = segmented(rows, 5)
  const expected = Array.from({ length: 5 * rows }, () => 0)
  using npk = NumPack.open(store.path)
  for (let start = 0; start < 5 * rows; start++) {
    for (let stop = start + 1; stop <= 5 * rows; stop++) {
      const values = Int16Array.from({ length: stop - start }, (_, i) => 100 * start + stop + i)
      npk.replace({ a: values }, slice(start, stop))
      expected.splice(start, values.length, ...values)
      expect(npk.load('a').toList()).toEqual(expected)
    }
  }
  expect(npk.warnings).toEqual([])
})

test('a logged run of bytes that reaches over several segments is written to each of them', () => {
  using store = segmented(3, 5)
  const [record] = decodeMetadata(readFileSync(join(store.path, 'metadata.npkm'))).records
  const values = Int16Array.from({ length: 12 }, (_, i) => i + 1)
  const run = { positions: Float64Array.of(2), lengths: Float64Array.of(24), data: new Uint8Array(values.buffer) }
  const writeLog = join(store.path, WRITE_LOG_FILE)
  const parts = encodeWriteLog({ bitmaps: [], files: [], rows: [{ name: 'a', record: record!.raw, ...run }] })
  writeFileSync(writeLog, Buffer.concat(parts))
  const read = (readOnly: boolean): unknown => NumPack.with(store.path, { readOnly }, npk => npk.load('a').toList())
  const expected = [0, ...values, 0, 0]
  expect(read(true)).toEqual(expected)
  expect(read(false)).toEqual(expected)
  expect(existsSync(writeLog)).toBe(false)
  expect(read(true)).toEqual(expected)
})

testUnless(process.platform === 'win32' ? 'Windows has no ulimit' : null)(
  '600 segments are written to with few open files',
  { timeout: 120_000 },
  () => {
    using store = segmented(10, 600)
    const script = `
    import { NumPack } from ${JSON.stringify(new URL('../../index.ts', import.meta.url).href)}
    using npk = NumPack.open(${JSON.stringify(store.path)})
    npk.writableBatchMode(batch => batch.load('a').iadd(1).set([null], 2))
    npk.replace({ a: new Int16Array(6000).fill(3) }, null)
    npk.append({ a: Int16Array.of(3) })
    npk.writableBatchMode(batch => batch.load('a').iadd(1))
    const { data } = npk.load('a')
    console.log(data.length, data.every(value => value === 4))`
    const node = [process.execPath, '--input-type=module-typescript', '-e', script]
    const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -n 512; exec "$@"', 'sh', ...node], { encoding: 'utf8' })
    expect(stderr.replace(/.*Warning.*\n?/g, '')).toBe('')
    expect(stdout.trim()).toBe('6001 true')
  },
)

const two = (name: string) => ({
  name,
  dtype: 'uint8' as const,
  shape: [2],
  data: Uint8Array.of(7, 8),
  segments: [2],
})

function failToOpen(file: string, times = Infinity): void {
  const open = handles.opening.bind(handles)
  vi.spyOn(handles, 'opening').mockImplementation((path, work) => {
    if (!path.endsWith(file) || times-- <= 0) return open(path, work)
    throw ioError(Object.assign(new Error(), { code: 'EIO' }), path, 'open')
  })
}

describe('a file that can not be read after the commit', () => {
  afterEach(() => vi.restoreAllMocks())

  test.each([1, Infinity])('does not fail an append: the segment list of another array, %s times', times => {
    using store = new ScratchStore(two('s'), two('t'))
    using npk = NumPack.open(store.path)
    failToOpen('data_t.npkseg', times)
    npk.append({ s: Uint8Array.of(9) })
    expect(npk.load('s').toList()).toEqual([7, 8, 9])
    npk.save({ a: [1] })
    npk.save({ a: [2] })
    using other = NumPack.open(store.path)
    other.save({ b: [3] })
    vi.restoreAllMocks()
    const contents = NumPack.with(store.path, { readOnly: true }, read =>
      ['s', 't', 'a', 'b'].map(name => [...read.load(name).data]),
    )
    expect(contents).toEqual([[7, 8, 9], [7, 8], [2], [3]])
    expect(readdirSync(store.path).filter(file => file.endsWith('.tmp') || file === 'data_s.npkseg')).toEqual([])
  })

  test('keeps the segments of a removed array, which the list might name', () => {
    using store = new ScratchStore(two('s'), two('t'))
    using npk = NumPack.open(store.path)
    failToOpen('data_t.npkseg')
    npk.remove('s')
    expect(npk.getMemberList()).toEqual(['t'])
    expect(existsSync(store.file('data_s.npkseg'))).toBe(false)
    expect(existsSync(store.file('data_s_segments/seg_000000.npkd'))).toBe(true)
  })

  test('does not fail an append beside a save of NumPack: the metadata', () => {
    using store = new ScratchStore(two('s'))
    using npk = NumPack.open(store.path)
    const metadata = store.file('metadata.npkm')
    const dataFile = 'data_other.npkd'
    const other = { name: 'other', dtype: 'uint8' as const, shape: [0], dataFile, sizeBytes: 0, lastModified: 1 }
    const { sync, rename } = disk
    vi.spyOn(disk, 'sync').mockImplementationOnce(fd => {
      const { records } = decodeMetadata(readFileSync(metadata))
      writeFileSync(metadata, encodeMetadata([...records, other]))
      sync(fd)
    })
    vi.spyOn(disk, 'rename').mockImplementationOnce((from, to) => {
      rename(from, to)
      failToOpen('metadata.npkm')
    })
    npk.append({ s: Uint8Array.of(9) })
    vi.restoreAllMocks()
    expect(npk.getMemberList()).toEqual(['other', 's'])
    expect(npk.load('s').toList()).toEqual([7, 8, 9])
  })
})
