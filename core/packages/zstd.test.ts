import { zstdDecompressSync, type ZstdDecompress } from 'node:zlib'
import { expect, test } from 'vitest'
import { type ZstdBackend, zstdBy } from './zstd.ts'

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
