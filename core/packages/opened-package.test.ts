import { appendFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bitmapBytesOf } from '../format/bitmap.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { openPackedStore } from './opened-package.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, storePath } from './test-support/counting-control.ts'
import type { ZstdBackend } from './zstd.ts'

const POLL = { timeout: 60_000 }
const COLUMNS = 100
const ROWS = 60_000

/** Two float32 arrays of 24 MB; element [row, column] is row + column / 128 (+ 1000). */
async function largePackage(folder: { file: (name: string) => string }, compression = true): Promise<string> {
  const store = folder.file('x.npk')
  mkdirSync(store)
  const records = ['a', 'b'].map((name, i) => {
    const data = Float32Array.from(
      { length: ROWS * COLUMNS },
      (_, k) => valueAt(Math.floor(k / COLUMNS), k % COLUMNS) + i * 1000,
    )
    writeFileSync(join(store, `data_${name}.npkd`), data)
    const sizeBytes = data.byteLength
    return {
      name,
      shape: [ROWS, COLUMNS],
      dataFile: `data_${name}.npkd`,
      lastModified: 1,
      sizeBytes,
      dtype: 'float32',
    } as const
  })
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata(records))
  const target = folder.file('x.npkg')
  const job = { source: store, target, compression, version: 1, overwrite: false, verify: false } as const
  await packStore(job, new CountingControl())
  return target
}

const valueAt = (row: number, column: number): number => Math.fround((row % 5000) + column / 128)

const spoolsIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.spool')).length

test('statistics that run when their package is closed end, and leave nothing decompressed behind', async () => {
  using folder = scratch()
  const cacheFolder = folder.file('cache')
  using opened = await openPackedStore(await largePackage(folder), { cacheFolder })
  const lazy = opened.load('a', { lazy: true })
  expect(lazy.get(-1, -1)).toBe(valueAt(ROWS - 1, COLUMNS - 1))
  const statistics = lazy.statistics()
  opened.close()
  await expect(statistics).rejects.toMatchObject({ code: 'CLOSED' })
  expect(readdirSync(cacheFolder)).toEqual([])
})

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  'a large compressed array is read while it is decompressed (%s)',
  async zstd => {
    using folder = scratch()
    using opened = await openPackedStore(await largePackage(folder), { cacheFolder: folder.file('cache'), zstd })
    const lazy = opened.load('a', { lazy: true })
    expect(lazy.get(0, 3)).toBe(valueAt(0, 3))
    expect(lazy.get(-1, -1)).toBe(valueAt(ROWS - 1, COLUMNS - 1))
    expect(opened.readyBytes('a')).toEqual({ ready: 4 * ROWS * COLUMNS, total: 4 * ROWS * COLUMNS })
    expect(lazy.get([7, 4999, 5001]).toList()).toEqual(
      [7, 4999, 5001].map(row => Array.from({ length: COLUMNS }, (_, column) => valueAt(row, column))),
    )
    opened.close()
    expect(readdirSync(folder.file('cache'))).toEqual([])
    expect(() => lazy.get(0, 0)).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error)
  },
)

test('arrays that are stored as they are are read in place, nothing is written', async () => {
  using folder = scratch()
  using opened = await openPackedStore(await largePackage(folder, false), { cacheFolder: folder.file('cache') })
  expect(opened.load('b', { lazy: true }).get(41, 5)).toBe(valueAt(41, 5) + 1000)
  expect(opened.readyBytes('b')).toEqual({ ready: 4 * ROWS * COLUMNS, total: 4 * ROWS * COLUMNS })
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg'])
})

test('spools keep to their limit: the one not used for longest goes, and comes back when it is read', async () => {
  using folder = scratch()
  const cacheFolder = folder.file('cache')
  const spoolBytes = 4 * ROWS * COLUMNS * 1.5
  using opened = await openPackedStore(await largePackage(folder), { cacheFolder, spoolBytes })
  const [a, b] = ['a', 'b'].map(name => opened.load(name, { lazy: true }))
  for (let i = 0; i < 3; i++) {
    expect(a!.get(ROWS - 1 - i, 0)).toBe(valueAt(ROWS - 1 - i, 0))
    expect(spoolsIn(cacheFolder)).toBe(1)
    expect(b!.get(ROWS - 1 - i, 0)).toBe(valueAt(ROWS - 1 - i, 0) + 1000)
    expect(spoolsIn(cacheFolder)).toBe(1)
  }
})

test('how far an array is decompressed can be asked without that it begins', async () => {
  using folder = scratch()
  using opened = await openPackedStore(await largePackage(folder), { cacheFolder: folder.file('cache'), wait: false })
  expect(opened.readyBytes('a')).toEqual({ ready: 0, total: 0 })
  expect(readdirSync(folder.path).sort()).toEqual(['x.npk', 'x.npkg'])
})

test('the spool of an array that is read stays, and another array waits until it is not read any more', async () => {
  using folder = scratch()
  const cacheFolder = folder.file('cache')
  const bytes = 4 * ROWS * COLUMNS
  let reports = 0
  using opened = await openPackedStore(await largePackage(folder), {
    cacheFolder,
    spoolBytes: 1.5 * bytes,
    wait: false,
    onProgress: () => reports++,
  })
  const lease = opened.reader('a').source.lease()
  opened.request('a', bytes)
  await expect.poll(() => opened.readyBytes('a'), POLL).toEqual({ ready: bytes, total: bytes })
  await expect.poll(() => spoolsIn(cacheFolder)).toBe(1)
  const b = opened.load('b', { lazy: true })
  expect(() => b.get(0)).toThrow(expect.objectContaining({ code: 'NOT_READY' }) as Error)
  expect(() => opened.request('b', 0)).toThrow(expect.objectContaining({ code: 'NOT_READY' }) as Error)
  expect(opened.load('a', { lazy: true }).get(-1, -1)).toBe(valueAt(ROWS - 1, COLUMNS - 1))
  const before = reports
  lease[Symbol.dispose]()
  expect(reports).toBe(before + 1)
  opened.request('b', bytes)
  expect(spoolsIn(cacheFolder)).toBe(1)
  await expect.poll(() => opened.readyBytes('b'), POLL).toEqual({ ready: bytes, total: bytes })
  expect(b.get(-1, -1)).toBe(valueAt(ROWS - 1, COLUMNS - 1) + 1000)
})

test('statistics of two arrays that don’t fit together at once: one is refused with the reason, and can come later', async () => {
  using folder = scratch()
  const spoolBytes = 4 * ROWS * COLUMNS * 1.5
  using opened = await openPackedStore(await largePackage(folder), { cacheFolder: folder.file('cache'), spoolBytes })
  const [a, b] = ['a', 'b'].map(name => opened.load(name, { lazy: true }))
  const ofA = a!.statistics()
  await expect(b!.statistics()).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringContaining(
      `at most ${spoolBytes} bytes are decompressed at a time, and this is being read: 'data_a.npkd'.`,
    ) as string,
  })
  expect((await ofA).count).toBe(ROWS * COLUMNS)
  expect((await b!.statistics()).count).toBe(ROWS * COLUMNS)
})

test('an array larger than all spools says that the package is to be unpacked', async () => {
  using folder = scratch()
  using opened = await openPackedStore(await largePackage(folder), {
    cacheFolder: folder.file('cache'),
    spoolBytes: 1e6,
  })
  expect(opened.getShape('a')).toEqual([ROWS, COLUMNS])
  expect(() => opened.load('a')).toThrow(/[Uu]npack/)
})

test('a package that is replaced while it is open is noticed', async () => {
  using folder = scratch()
  const path = await largePackage(folder, false)
  using opened = await openPackedStore(path, { cacheFolder: folder.file('cache') })
  renameSync(path, folder.file('old.npkg'))
  writeFileSync(path, 'another file')
  expect(() => opened.load('a')).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }) as Error)
})

test('a package that is written to before an entry is decompressed is noticed', async () => {
  using folder = scratch()
  const path = await largePackage(folder)
  using opened = await openPackedStore(path, { cacheFolder: folder.file('cache') })
  appendFileSync(path, 'more')
  expect(() => opened.load('a')).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }) as Error)
})

test('deleted rows are left out, and names that are not there are said', async () => {
  using folder = scratch()
  const target = folder.file('x.npkg')
  const job = {
    source: storePath('deleted.npk'),
    target,
    compression: true,
    version: 2,
    overwrite: false,
    verify: false,
  } as const
  await packStore(job, new CountingControl())
  using opened = await openPackedStore(target, { cacheFolder: folder.file('cache') })
  const lazy = opened.load('first_and_last', { lazy: true })
  expect([...lazy.deletedRows]).toEqual([0, 299])
  expect(lazy.physicalRow(0)).toBe(1)
  expect(opened.hasArray('first_and_last')).toBe(true)
  expect(opened.hasArray('nope')).toBe(false)
  expect(() => opened.load('nope')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error)
  expect(() => opened.load(Symbol('nope') as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }) as Error)
})

interface PackedBitmap {
  readonly shape: readonly number[]
  readonly payload: Uint8Array
  readonly isRaw: boolean
}

function packageOf(path: string, { shape, payload, isRaw }: PackedBitmap): string {
  const [rows = 0] = shape
  const bytes = shape.reduce((product, length) => product * length, 1)
  const record = { name: 'a', shape, dtype: 'bool' as const, dataFile: 'data_a.npkd', lastModified: 0 }
  const metadata = encodeMetadata([{ ...record, sizeBytes: bytes }])
  writeFileSync(
    path,
    Buffer.concat([
      encodePackageHeader(1, 1, 3),
      encodeEntryHeader('data_a.npkd', bytes, bytes === 0 ? 0 : ZSTD_MAGIC.length),
      bytes === 0 ? new Uint8Array(0) : ZSTD_MAGIC,
      encodeEntryHeader('deleted_a.npkb', bitmapBytesOf(rows), isRaw ? 0 : payload.length),
      payload,
      encodeEntryHeader('metadata.npkm', metadata.length, 0),
      metadata,
      encodePackageFooter(0),
    ]),
  )
  return path
}

const ZSTD_MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)

const COMPRESSIONS: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  raw: bytes => bytes,
  zstd: zstdCompressSync,
  zlib: deflateSync,
}

function allActive(rows: number): Uint8Array {
  const bytes = Buffer.alloc(bitmapBytesOf(rows), 0xff)
  bytes.writeBigUInt64LE(BigInt(rows), 0)
  bytes.writeBigUInt64LE(0n, 8)
  return bytes
}

test.each([
  [[2 ** 32], 512 * 2 ** 20],
  [[2 ** 28, 0], 16 * 2 ** 20],
])('a bitmap of more bytes than rows of an array %j may have is refused by its claim', async (shape, most) => {
  using folder = scratch()
  const source = packageOf(folder.file('claims.npkg'), { shape, payload: ZSTD_MAGIC, isRaw: false })
  using opened = await openPackedStore(source, { cacheFolder: folder.file('cache') })
  expect(opened.damaged).toEqual([{ name: 'a', reason: expect.stringContaining(`${most} are read`) as string }])
})

describe.each(Object.keys(COMPRESSIONS))('a large bitmap (%s)', codec => {
  const rows = 2 ** 28
  const payload = COMPRESSIONS[codec]!(allActive(rows))

  test('is read while other work gets its turn', async () => {
    using folder = scratch()
    const source = packageOf(folder.file('x.npkg'), { shape: [rows], payload, isRaw: codec === 'raw' })
    let turns = 0
    let ticking = setImmediate(function tick() {
      turns++
      ticking = setImmediate(tick)
    })
    using opened = await openPackedStore(source, { cacheFolder: folder.file('cache') })
    clearImmediate(ticking)
    expect(opened.getShape('a')).toEqual([rows])
    expect(turns).toBeGreaterThanOrEqual(8)
  })

  test('is no longer read once the opening is cancelled', async () => {
    using folder = scratch()
    const source = packageOf(folder.file('x.npkg'), { shape: [rows], payload, isRaw: codec === 'raw' })
    const controller = new AbortController()
    let turns = 0
    setImmediate(function tick() {
      if (++turns === 4) controller.abort()
      else setImmediate(tick)
    })
    const { signal } = controller
    await expect(openPackedStore(source, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
