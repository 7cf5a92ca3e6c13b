import { readdirSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { constants, crc32, deflateSync, zstdCompressSync, zstdDecompressSync, type ZstdDecompress } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader, maxStoredSize } from '../format/npkg.ts'
import { packageChecksum } from '../format/npkg-checksum.ts'
import { openPackage, pack } from './index.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch, storePath } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'
import { verifyFile } from './verify.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'
import { NO_PROC } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  'chunks of any size become one frame, with nothing behind it (%s)',
  async backend => {
    const zstd = zstdBy(backend)
    for (const sizes of [[1], [16_384, 16_384, 16_384, 15_488], [5, 0, 70_000, 3], [1 << 20, 1 << 20, 7]]) {
      const chunks = sizes.map((size, i) => Buffer.from(Array.from({ length: size }, (_, at) => (at * (i + 1)) >> 5)))
      const pieces: Buffer[] = []
      const whole = Buffer.concat(chunks)
      for await (const piece of zstd.compress(whole.length, chunks)) pieces.push(Buffer.from(piece))
      const frame = Buffer.concat(pieces)
      // With `info` the result is not the Buffer that @types/node says.
      const { buffer, engine } = zstdDecompressSync(frame, { info: true }) as unknown as {
        buffer: Buffer
        engine: ZstdDecompress
      }
      expect(whole.equals(buffer)).toBe(true)
      expect(engine.bytesWritten, 'one frame takes all bytes').toBe(frame.length)
    }
  },
)

/** A frame of one block that repeats a byte, whose header asks for a window of 2^`log` bytes (RFC 8878, 3.1.1.1.2). */
function frameOfWindow(log: number, length: number): Buffer {
  const block = (length << 3) | (1 << 1) | 1
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, block & 255, block >> 8, block >> 16, 7])
}

function packageOf(payload: Uint8Array, length: number): Buffer {
  const metadata = encodeMetadata([
    { name: 'a', shape: [length], dtype: 'uint8', dataFile: 'data_a.npkd', lastModified: 0, sizeBytes: length },
  ])
  const files = [
    { name: 'data_a.npkd', crc32: crc32(Buffer.alloc(length, 7)), size: length },
    { name: 'metadata.npkm', crc32: crc32(metadata), size: metadata.length },
  ]
  return Buffer.concat([
    encodePackageHeader(1, 1, 2),
    encodeEntryHeader('data_a.npkd', length, payload.length),
    payload,
    encodeEntryHeader('metadata.npkm', metadata.length, 0),
    metadata,
    encodePackageFooter(packageChecksum(1, files)),
  ])
}

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  'a window of 32 MiB is decompressed, one of 64 MiB refused, by whatever reads the package (%s)',
  async zstd => {
    using folder = scratch()
    for (const [log, damaged] of [
      [25, false],
      [26, true],
      [27, true],
    ] as const) {
      const source = folder.file(`${log}.npkg`)
      writeFileSync(source, packageOf(frameOfWindow(log, 3), 3))
      const read = {
        verify: async () => (await verifyFile({ source, sha256: false, zstd }, new CountingControl())).fault !== null,
        unpack: () =>
          unpackFile(
            { source, target: folder.file(`${log}.npk`), overwrite: false, verify: true, zstd },
            new CountingControl(),
          ).then(
            () => false,
            (error: { code: string }) => error.code === 'DAMAGED',
          ),
        open: async () => {
          using opened = await openPackage(source, { cacheFolder: folder.file('cache') })
          try {
            return Array.from(opened.load('a').data, Number).join() !== '7,7,7'
          } catch (error) {
            return (error as { code: string }).code === 'DAMAGED'
          }
        },
      }
      for (const [how, isRefused] of Object.entries(read)) expect(await isRefused(), `${how} ${log}`).toBe(damaged)
    }
  },
)

const sizes = fc.oneof(
  fc.nat(400_000),
  fc.tuple(fc.nat(19), fc.integer({ min: -2, max: 2 })).map(([log, by]) => Math.max(0, 2 ** log + by)),
)

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  'what can not be compressed never becomes a payload that is refused for its length (%s)',
  async backend => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 5000, max: 200_000 }), async (size, chunkBytes) => {
        const content = randomBytes(size)
        const chunks = Array.from({ length: Math.ceil(size / chunkBytes) }, (_, i) =>
          content.subarray(i * chunkBytes, (i + 1) * chunkBytes),
        )
        let stored = 0
        for await (const piece of zstdBy(backend).compress(size, chunks)) stored += piece.length
        expect(stored).toBeLessThanOrEqual(maxStoredSize(size))
      }),
      { numRuns: 25 },
    )
  },
)

test('no settings of zstd or zlib make a payload that is refused for its length', () => {
  // Large enough for the blocks' headers to outweigh what is allowed for the smallest payloads.
  const content = randomBytes(4 << 20)
  const most = maxStoredSize(content.length)
  for (const windowLog of [10, 17]) {
    const params = { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_checksumFlag]: 1 }
    const { length } = zstdCompressSync(content, { params, chunkSize: 2 * content.length })
    expect(length, `window ${windowLog}`).toBeLessThan(most)
  }
  for (const [memLevel, level, strategy] of [
    [1, 0, constants.Z_DEFAULT_STRATEGY],
    [1, 6, constants.Z_DEFAULT_STRATEGY],
    [1, 6, constants.Z_FIXED],
    [8, 6, constants.Z_DEFAULT_STRATEGY],
  ] as const) {
    const { length } = deflateSync(content, { memLevel, level, strategy, chunkSize: 2 * content.length })
    expect(length, `memory ${memLevel}, level ${level}, strategy ${strategy}`).toBeLessThan(most)
  }
})

const threadCount = (): number => readdirSync('/proc/self/task').length

testUnless(NO_PROC)('zstd compresses a large entry in as many threads as were asked for', ({ skip }) => {
  const zstd = zstdBy()
  skip(zstd.backend === 'node', 'zstd-napi is not installed')
  const chunk = new Uint8Array(randomBytes(1 << 20))
  const chunks = Array.from({ length: 9 }, () => chunk)
  /** Threads that are there while an entry is compressed; its context keeps them. */
  const threadsWith = (threads: number): number => {
    let most = 0
    for (const _ of zstd.compress(9 << 20, chunks, threads) as Iterable<Uint8Array>)
      most = Math.max(most, threadCount())
    return most
  }
  const before = threadCount()
  expect(threadsWith(1)).toBe(before)
  expect(threadsWith(3)).toBe(before + 3)
  expect(threadsWith(6)).toBe(before + 6)
})

test('a store is packed with the threads that were asked for', async () => {
  using folder = scratch()
  const compress = vi.spyOn(zstdBy(), 'compress')
  const job = { compression: true, overwrite: false, version: 1, verify: false, threads: 5 } as const
  await packStore({ ...job, source: storePath('deleted.npk'), target: folder.file('x.npkg') }, new CountingControl())
  expect(compress.mock.calls.length).toBeGreaterThan(0)
  for (const [, , threads] of compress.mock.calls) expect(threads).toBe(5)
  compress.mockRestore()
  await expect(pack(storePath('deleted.npk'), folder.file('y.npkg'), { threads: 0 })).rejects.toMatchObject({
    code: 'ARGUMENT',
  })
})
