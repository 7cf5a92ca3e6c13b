import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader, type PackageEntry } from '../format/npkg.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import { packageInfo } from './info.ts'
import { CHUNK_BYTES, InputFile } from './input-file.ts'
import { openPackedStore } from './opened-package.ts'
import { readIndex } from './package-file.ts'
import { makeSpool } from './spool-folder.ts'
import { spoolEntry } from './spool-job.ts'
import { checkSpool, newSpoolState, wantSpool } from './spool-state.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { verifyFile } from './verify.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'
import { identityOf } from '../system/file-stat.ts'

const MIB = 2 ** 20

/** Magic number and header of a zstd frame without content size, with a window of 1 MiB (RFC 8878, 3.1.1). */
const ZSTD_FRAME_HEADER = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50)
/** Deflate, window of 32 KiB (RFC 1950, 2.2). */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x9c)
/** An empty stored block (RFC 1951, 3.2.4). */
const EMPTY_ZLIB_BLOCK = Uint8Array.of(0, 0, 0, 0xff, 0xff)

afterEach(() => vi.restoreAllMocks())

/** Writes a package of one array. Cuts or extends `payload` to `storedSize`; to zstd, zeros are empty raw blocks. */
function writePackage(path: string, payload: Uint8Array, originalSize: number, storedSize: number): string {
  const record = { name: 'a', dtype: 'uint8', shape: [originalSize], dataFile: 'data_a.npkd' } as const
  const metadata = encodeMetadata([{ ...record, lastModified: 1, sizeBytes: originalSize }])
  const head = Buffer.concat([
    encodePackageHeader(1, 1, 2),
    encodeEntryHeader('metadata.npkm', metadata.length, 0),
    metadata,
    encodeEntryHeader('data_a.npkd', originalSize, storedSize),
  ])
  writeFileSync(path, Buffer.concat([head, payload]))
  truncateSync(path, head.length + storedSize)
  appendFileSync(path, encodePackageFooter(0))
  return path
}

async function entryOf(path: string): Promise<PackageEntry> {
  using input = new InputFile(path)
  const { entries } = await readIndex(input)
  return entries.find(({ name }) => name === 'data_a.npkd')!
}

/** Counts the bytes that are read of payloads. */
function countBytesRead(): { bytes: number } {
  const count = { bytes: 0 }
  const readChunks = Reflect.get(InputFile.prototype, 'chunks') as (...args: unknown[]) => Generator<Uint8Array>
  vi.spyOn(InputFile.prototype, 'chunks').mockImplementation(function* (this: InputFile, offset, length) {
    for (const chunk of readChunks.call(this, offset, length)) {
      count.bytes += chunk.length
      yield chunk
    }
  })
  return count
}

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  'a payload larger than any compression of its entry is reported as damaged, and not read (%s)',
  async zstd => {
    using folder = scratch()
    const source = writePackage(folder.file('x.npkg'), ZSTD_FRAME_HEADER, 64, 2 * MIB)
    const fault = {
      code: 'DAMAGED',
      message: expect.stringContaining(`entry 'data_a.npkd' takes ${2 * MIB} bytes for 64`) as string,
    }
    const count = countBytesRead()
    const info = await packageInfo(source)
    expect(info.fault).toMatchObject(fault)
    expect(info.files.map(file => file.fault)).toEqual([null, expect.objectContaining(fault)])
    const report = await verifyFile({ source, sha256: false, zstd }, new CountingControl())
    expect(report.files.map(file => file.fault)).toEqual([null, expect.objectContaining(fault)])
    const job = { source, target: folder.file('x.npk'), overwrite: false, verify: true, zstd }
    await expect(unpackFile(job, new CountingControl())).rejects.toMatchObject(fault)
    await expect(openPackedStore(source, { zstd })).rejects.toMatchObject(fault)
    using input = new InputFile(source)
    const pieces = decodeEntry(input, await entryOf(source), zstdBy(zstd), new CountingControl())
    await expect(pieces.next()).rejects.toMatchObject(fault)
    // Verifying reads the metadata, whose payload is sound.
    expect(count.bytes).toBe(info.files[0]?.originalSize)
  },
)

const READERS: Record<string, (path: string, folder: string, zstd: ZstdBackend, control: Control) => Promise<unknown>> =
  {
    verifying: (source, _folder, zstd, control) => verifyFile({ source, sha256: false, zstd }, control),
    unpacking: (source, folder, zstd, control) =>
      unpackFile({ source, target: `${folder}/x.npk`, overwrite: false, verify: true, zstd }, control),
    'decompressing on demand': async (path, folder, zstd, control) => {
      const { problem: _, ...entry } = await entryOf(path)
      const content = makeSpool(folder, 0, entry.originalSize)
      const taken = new BigInt64Array(new SharedArrayBuffer(8))
      const spool = { path: content.path, identity: identityOf(content.identity), taken }
      using input = new InputFile(path)
      const state = newSpoolState()
      wantSpool(state, entry.originalSize)
      await spoolEntry({ package: { path, state: input.state, zstd }, entry, spool, state }, control)
      content.close()
      checkSpool(state)
    },
  }

const PAYLOADS: [codec: string, zstd: ZstdBackend, payload: Uint8Array][] = [
  ['zstd', 'zstd-napi', ZSTD_FRAME_HEADER],
  ['zstd', 'node', ZSTD_FRAME_HEADER],
  ['zlib', 'node', Buffer.concat([ZLIB_HEADER, Buffer.alloc(8 * MIB, EMPTY_ZLIB_BLOCK)])],
]

test.each(Object.keys(READERS).flatMap(reader => PAYLOADS.map(payload => [reader, ...payload] as const)))(
  '%s a payload of empty %s blocks (by %s) ends soon after it is cancelled',
  async (reader, _codec, zstd, payload) => {
    using folder = scratch()
    const source = writePackage(folder.file('x.npkg'), payload, 8 * MIB, 8 * MIB)
    const count = countBytesRead()
    const control = new CountingControl(() => {
      if (count.bytes > 10 * CHUNK_BYTES) throw new NumPackError('ABORTED', 'cancelled')
    })
    await expect(READERS[reader]!(source, folder.path, zstd, control)).rejects.toMatchObject({ code: 'ABORTED' })
    expect(count.bytes).toBeLessThan(12 * CHUNK_BYTES)
    expect(control.done).toBeLessThan(MIB)
  },
)
