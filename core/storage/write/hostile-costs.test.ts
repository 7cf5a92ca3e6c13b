import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LIMITS } from '../../format/limits.ts'
import { decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { handles, PooledFile } from '../../system/handles.ts'
import { encodeWriteLog, WRITE_LOG_FILE } from '../read/write-log.ts'
import { NumPack } from '../numpack.ts'
import { openStore, type Store } from '../read/store.ts'
import { watchDisk } from '../test-support/watch-disk.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-'))
  path = join(root, 'evil.npk')
  mkdirSync(path)
})
afterEach(() => {
  vi.restoreAllMocks()
  removeFolder(root)
})

const describeArrays = (...arrays: { name: string; shape: readonly number[]; dataFile: string }[]): void =>
  writeFileSync(
    join(path, 'metadata.npkm'),
    encodeMetadata(arrays.map(array => ({ ...array, dtype: 'uint8', lastModified: 0, sizeBytes: 0 }))),
  )

const plant = (writeLog: Partial<Parameters<typeof encodeWriteLog>[0]>): void =>
  writeFileSync(
    join(path, WRITE_LOG_FILE),
    Buffer.concat(encodeWriteLog({ bitmaps: [], rows: [], files: [], ...writeLog })),
  )

const sparse = (file: string, bytes: number, begin = ''): void => {
  writeFileSync(join(path, file), begin)
  truncateSync(join(path, file), bytes)
}

test('a segment list that many records name is read once to tell which files are in use', () => {
  const COUNT = 50
  mkdirSync(join(path, 'data_s_segments'))
  writeFileSync(join(path, 'data_s_segments', 'seg_000000.npkd'), 'x')
  writeFileSync(join(path, 'data_s_segments', 'seg_000007.npkd'), 'x')
  const segments = [{ file: 'data_s_segments/seg_000000.npkd', rows: 1, bytes: 1 }]
  writeFileSync(join(path, 'data_s.npkseg'), JSON.stringify({ version: 1, segments }))
  describeArrays(...Array.from({ length: COUNT }, (_, i) => ({ name: `a${i}`, shape: [1], dataFile: 'data_s.npkseg' })))
  plant({ files: ['data_s_segments/seg_000000.npkd', 'data_s_segments/seg_000007.npkd'] })
  const parse = vi.spyOn(JSON, 'parse')
  NumPack.open(path).close()
  const reads = parse.mock.calls.filter(([text]) => text.includes('seg_000000') && text.includes('version')).length
  expect(reads).toBeLessThanOrEqual(2 * COUNT + 1)
  expect(readdirSync(join(path, 'data_s_segments'))).toEqual(['seg_000000.npkd'])
})

test('data files in a folder without metadata stay, even if a write log names them', () => {
  const files = Array.from({ length: 1000 }, (_, i) => `data_${i}.npkd`)
  for (const file of files) writeFileSync(join(path, file), '')
  plant({ files })
  expect(() => NumPack.open(path)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
  expect(readdirSync(path)).toEqual(expect.arrayContaining(files))
})

const change = (npk: NumPack): void => npk.replace({ a: Uint8Array.of(1) }, [0])
test.each<[string, (npk: NumPack) => void, string]>([
  ['replace', change, '\u0001yz'],
  ['append', npk => npk.append({ a: Uint8Array.of(1) }), 'xyz\u0001'],
])(
  '%s in an array whose file has a second name copies the rows that count, not what lies behind them',
  (_what, work, after) => {
    sparse('data_a.npkd', 2 ** 30, 'xyz')
    linkSync(join(path, 'data_a.npkd'), join(root, 'snapshot'))
    describeArrays({ name: 'a', shape: [3], dataFile: 'data_a.npkd' })
    NumPack.with(path, work)
    expect(readFileSync(join(path, 'data_a.npkd'), 'utf8')).toBe(after)
    expect(statSync(join(root, 'snapshot')).size).toBe(2 ** 30)
  },
)

test('a copy of a file with a second name holds the rows of each array that is in it', () => {
  writeFileSync(join(path, 'data_a.npkd'), 'xyzuvw')
  linkSync(join(path, 'data_a.npkd'), join(root, 'snapshot'))
  describeArrays({ name: 'a', shape: [3], dataFile: 'data_a.npkd' }, { name: 'b', shape: [6], dataFile: 'data_a.npkd' })
  NumPack.with(path, change)
  expect(readFileSync(join(path, 'data_a.npkd'), 'utf8')).toBe('\u0001yzuvw')
  expect(readFileSync(join(root, 'snapshot'), 'utf8')).toBe('xyzuvw')
})

test.each<[string, (npk: NumPack) => void, number[]]>([
  ['clone', npk => npk.clone('a', 'b'), [120, 121]],
  ['update', npk => [npk.drop('a', 0), npk.update('a')], [121, 122]],
])('%s of an array that is almost all hole takes no more of the disk than it', (_what, work, expected) => {
  describeArrays({ name: 'a', shape: [2 ** 28], dataFile: 'data_a.npkd' })
  sparse('data_a.npkd', 2 ** 28, 'xyz')
  NumPack.with(path, work)
  const files = readdirSync(path).filter(file => file.endsWith('.npkd'))
  const used = files.reduce((sum, file) => sum + statSync(join(path, file)).blocks * 512, 0)
  expect(used).toBeLessThan(2 ** 20)
  const begin = NumPack.with(path, npk => npk.getitem(npk.getMemberList().at(-1) ?? '', [0, 1]))
  expect(begin.toList()).toEqual(expected)
})

test.each<[string, (npk: NumPack) => void]>([
  ['save', npk => npk.save({ a0: [1] })],
  ['remove', npk => npk.remove('a0')],
  ['reset', npk => npk.reset()],
])('%s of arrays with bitmaps of 512 MiB reads none of them', (_what, work) => {
  writeFileSync(join(path, 'data_a.npkd'), 'x')
  const names = ['a0', 'a1']
  describeArrays(...names.map(name => ({ name, shape: [1], dataFile: 'data_a.npkd' })))
  for (const name of names) sparse(`deleted_${name}.npkb`, 2 ** 29)
  const read = vi.spyOn(handles, 'readOpened')
  NumPack.with(path, work)
  const lengths = read.mock.results.map(({ value }) => (value as { bytes: Uint8Array }).bytes.length)
  expect(Math.max(...lengths)).toBeLessThan(1000)
  expect(existsSync(join(path, 'deleted_a0.npkb'))).toBe(false)
  expect(readdirSync(path).filter(file => file.endsWith('.tmp'))).toEqual([])
})

test.each([false, true])(
  'a bitmap of 512 MiB is put back when an operation fails (the disk has hard links: %s)',
  links => {
    writeFileSync(join(path, 'data_a.npkd'), 'x')
    describeArrays({ name: 'a', shape: [1], dataFile: 'data_a.npkd' })
    sparse('deleted_a.npkb', 2 ** 29, 'mine')
    const metadata = readFileSync(join(path, 'metadata.npkm'))
    using npk = NumPack.open(path)
    let failed = false
    const read = vi.spyOn(handles, 'readOpened')
    const error = watchDisk(
      (step, args) => {
        if (step === 'link' && !links) throw Object.assign(new Error('no links'), { code: 'ENOTSUP' })
        const isLast = step === 'unlink' && String(args[0]).endsWith('deleted_a.npkb')
        if (!(links ? step === 'rename' && String(args[1]).endsWith('current') : isLast) || failed) return
        failed = true
        throw Object.assign(new Error('broken'), { code: 'EIO' })
      },
      () => {
        try {
          npk.remove('a')
          return null
        } catch (thrown) {
          return thrown
        }
      },
    )
    expect(error).toEqual(expect.objectContaining({ name: 'NumPackError', code: 'IO' }))
    expect(read.mock.results.every(({ value }) => (value as { bytes: Uint8Array }).bytes.length < 1000)).toBe(true)
    expect(readFileSync(join(path, 'metadata.npkm'))).toEqual(metadata)
    expect(statSync(join(path, 'deleted_a.npkb')).size).toBe(2 ** 29)
  },
)

test('a write log about arrays that are not there is not held in memory', () => {
  writeFileSync(join(path, 'data_a.npkd'), 'abc')
  describeArrays({ name: 'a', shape: [3], dataFile: 'data_a.npkd' })
  const record = openStore(path).record('a').raw
  const rows = { name: 'a', record, positions: Float64Array.of(0), lengths: Float64Array.of(1) }
  plant({
    bitmaps: [{ name: 'gone', record: new Uint8Array(0), bitmap: new Uint8Array(2 ** 20) }],
    rows: [{ ...rows, data: Uint8Array.of(7) }],
  })
  using npk = NumPack.open(path, { readOnly: true })
  expect(Array.from(npk.load('a').data as Uint8Array)).toEqual([7, 98, 99])
  const { pending } = openStore(path, { readOnly: true }).folder
  expect([...(pending?.bitmaps.keys() ?? [])]).toEqual([])
  expect(pending?.rows.get('a')?.data.buffer.byteLength).toBeLessThan(2 ** 16)
})

test.each<[string, number, number]>([
  ['more places', LIMITS.writeLogOldReads + 1, 4098],
  ['more runs', LIMITS.writeLogOldRuns + 1, 1],
])('rows of a write log in %s than are compared are shown unread when the store is opened', (_what, runs, step) => {
  sparse('data_a.npkd', runs * step)
  describeArrays({ name: 'a', shape: [runs * step], dataFile: 'data_a.npkd' })
  plant({
    rows: [
      {
        name: 'a',
        record: openStore(path).record('a').raw,
        positions: Float64Array.from({ length: runs }, (_, i) => i * step),
        lengths: new Float64Array(runs).fill(1),
        data: new Uint8Array(runs).fill(7),
        old: new Uint8Array(runs).fill(5),
      },
    ],
  })
  const read = vi.spyOn(PooledFile.prototype, 'read')
  using npk = NumPack.open(path, { readOnly: true })
  expect(read).not.toHaveBeenCalled()
  expect(npk.getitem('a', [0, (runs - 1) * step]).toList()).toEqual([7, 7])
})

const touch = (file: string, seconds: number): void => utimesSync(join(path, file), seconds, seconds)
const firstOf = (store: Store): number => store.reader('a').readRow(0) as number

describe('a large write log of an open store', () => {
  const LARGE = 2 ** 21
  const write = (value: number): void => {
    const record = decodeMetadata(readFileSync(join(path, 'metadata.npkm'))).records[0]?.raw ?? new Uint8Array(0)
    const rows = { name: 'a', record, positions: Float64Array.of(0), lengths: Float64Array.of(LARGE) }
    plant({
      bitmaps: [{ name: 'gone', record, bitmap: new Uint8Array(24) }],
      rows: [{ ...rows, data: new Uint8Array(LARGE).fill(value) }],
    })
  }
  const countReads = (): (() => number) => {
    const read = vi.spyOn(handles, 'readOpened')
    return () => read.mock.results.filter(({ value }) => (value as { bytes: Uint8Array }).bytes.length > LARGE).length
  }
  beforeEach(() => {
    sparse('data_a.npkd', LARGE)
    describeArrays({ name: 'a', shape: [LARGE], dataFile: 'data_a.npkd' })
    write(1)
  })

  test('is not read again when only the times of it, the folder or the metadata change', () => {
    const store = openStore(path, { readOnly: true })
    const reads = countReads()
    for (let i = 1; i < 4; i++) {
      touch(WRITE_LOG_FILE, i)
      touch('metadata.npkm', i)
      touch('.', i)
      expect(store.refresh()).toEqual({ changed: [], removed: [], any: false })
    }
    expect(reads()).toBe(0)
    expect(firstOf(store)).toBe(1)
    write(2)
    expect(store.refresh().changed).toEqual(['a'])
    expect(firstOf(store)).toBe(2)
    store.close()
  })

  test('is read at most twice in a look, however often another writer changes it meanwhile', () => {
    const store = openStore(path, { readOnly: true })
    write(2)
    const readOpened = handles.readOpened.bind(handles)
    let writes = 2
    let reads = 0
    vi.spyOn(handles, 'readOpened').mockImplementation((...args) => {
      const read = readOpened(...args)
      if (read.bytes.length > LARGE) {
        reads++
        write(++writes)
        touch(WRITE_LOG_FILE, writes)
      }
      return read
    })
    store.refresh()
    expect(reads).toBeLessThanOrEqual(2)
    vi.restoreAllMocks()
    store.refresh()
    expect(firstOf(store)).toBe(writes)
    store.close()
  })
})

test('a write log of more objects than any needs is not parsed', () => {
  describeArrays({ name: 'a', shape: [1], dataFile: 'data_a.npkd' })
  writeFileSync(join(path, 'data_a.npkd'), 'x')
  const [head = new Uint8Array(), json = new Uint8Array()] = encodeWriteLog({ bitmaps: [], rows: [], files: [] })
  const header = Buffer.from(`${Buffer.from(json).toString().slice(0, -1)},"more":[${'{},'.repeat(2 ** 20)}{}]}`)
  const file = Buffer.concat([head, header])
  file.writeUInt32LE(header.length, 4)
  file.writeUInt32LE(crc32(header), 8)
  writeFileSync(join(path, WRITE_LOG_FILE), file)
  const parse = vi.spyOn(JSON, 'parse')
  using npk = NumPack.open(path, { readOnly: true })
  expect(Array.from(npk.load('a').data as Uint8Array)).toEqual([120])
  expect(parse).not.toHaveBeenCalled()
})
