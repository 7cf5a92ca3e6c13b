import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBitmap } from './bitmap.ts'
import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { decodeMetadata, encodeMetadata, type Metadata } from './metadata.ts'
import { encodeEntryHeader, encodePackageHeader, type PackageIndex, readPackageIndex } from './npkg.ts'
import { decodeSegments } from './segments.ts'

/** Files whose counts and lengths are any numbers: what is read and kept of them is bounded by their size and by LIMITS. */

/** Numbers that a length or a count may pretend to be. */
const count = fc.oneof(
  fc.constantFrom(0, 1, 2, 63, 64, 65, 241, 242, 255, 256, 1024, 1025, 100_000, 100_001, 2 ** 31, 2 ** 32 - 1),
  fc.nat(200),
  fc.nat({ max: 2 ** 32 - 1 }),
)

/** Bytes in which some 32-bit words were replaced. */
const withWords = (bytes: Uint8Array, words: readonly (readonly [at: number, value: number])[]): Uint8Array => {
  const out = bytes.slice()
  const view = new DataView(out.buffer)
  for (const [at, value] of words) if (at + 4 <= out.length) view.setUint32(at, value, true)
  return out
}

const words = fc.array(fc.tuple(fc.nat(400), count), { maxLength: 6 })

/** What `action` returns; undefined when it throws a typed error. */
function typed<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    expect(error.message.length).toBeLessThan(1000)
    return undefined
  }
}

const record = (name: string, shape: readonly number[], dataFile: string) => ({
  name,
  shape,
  dtype: 'float32' as const,
  dataFile,
  lastModified: 1,
  sizeBytes: 0,
})

const anyRecord = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 2000 }), fc.array(fc.nat(2 ** 31)), fc.string({ maxLength: 400 }))
  .map(([name, shape, dataFile]) => record(name, shape, dataFile))

const anyMetadata = fc
  .tuple(fc.array(anyRecord, { maxLength: 6 }), words, fc.uint8Array({ maxLength: 100 }))
  .map(([records, changed, rest]) => withWords(Uint8Array.from([...encodeMetadata(records), ...rest]), changed))

const shown = ({ records, warnings }: Metadata): string =>
  JSON.stringify({ records: records.map(record => ({ ...record, raw: null })), warnings })

test('metadata of any counts and lengths is refused, or kept within its own size', () => {
  fc.assert(
    fc.property(anyMetadata, bytes => {
      const metadata = typed(() => decodeMetadata(bytes))
      if (metadata === undefined) return
      const { records } = metadata
      expect(shown(metadata).length).toBeLessThan(30 * bytes.length + 1000)
      expect(new Set(records.map(({ name }) => name)).size).toBe(records.length)
      for (const { name, dataFile, shape, problem } of records) {
        expect(Math.max(name.length, dataFile.length)).toBeLessThan(1.1 * LIMITS.textBytes)
        expect(shape.length).toBeLessThanOrEqual(LIMITS.axes)
        if (problem === null) expect(shape.every(Number.isSafeInteger)).toBe(true)
      }
      const again = decodeMetadata(encodeMetadata(records)).records
      expect(again.map(({ raw }) => Buffer.from(raw))).toEqual(records.map(({ raw }) => Buffer.from(raw)))
    }),
    { numRuns: 1500 },
  )
})

const anyPackage = fc
  .tuple(
    count,
    fc.array(fc.tuple(fc.constantFrom('metadata.npkm', 'data_a.npkd', '../a', '', 'x'.repeat(1100)), fc.nat(50)), {
      maxLength: 6,
    }),
    words,
    fc.nat(100_000),
  )
  .map(([files, entries, changed, zeros]) => {
    const parts = entries.flatMap(([name, size]) => [encodeEntryHeader(name, size, 0), new Uint8Array(size)])
    return withWords(Buffer.concat([encodePackageHeader(1, 0, files), ...parts, new Uint8Array(zeros)]), changed)
  })

test('a package of any counts and lengths is listed within its own size', () => {
  fc.assert(
    fc.property(anyPackage, bytes => {
      let bytesRead = 0
      const read = (offset: number, length: number): Uint8Array => {
        const part = bytes.subarray(offset, offset + length)
        bytesRead += part.length
        return part
      }
      const index = typed((): PackageIndex => {
        const steps = readPackageIndex(read, bytes.length, 'x.npkg')
        for (;;) {
          const step = steps.next()
          if (step.done === true) return step.value
        }
      })
      if (index === undefined) return
      const bad = index.entries.filter(({ problem }) => problem !== null).length
      expect(bad).toBeLessThanOrEqual(LIMITS.packageProblems)
      expect(index.entries.length).toBeLessThanOrEqual(Math.min(LIMITS.packageFiles, 1 + bytes.length / 20))
      expect(bytesRead).toBeLessThanOrEqual(1100 * (index.entries.length + 2))
      for (const { name } of index.entries) expect(name.length).toBeLessThanOrEqual(LIMITS.fileNameBytes)
    }),
    { numRuns: 1500 },
  )
})

const anyList = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json({ maxDepth: 5 }).map(json => new TextEncoder().encode(json)),
  fc
    .record({
      version: fc.oneof(fc.constant(1), fc.jsonValue()),
      segments: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({
            file: fc.oneof(fc.string(), fc.jsonValue()),
            rows: fc.oneof(fc.nat(5), fc.double()),
            bytes: fc.nat(40),
          }),
        ),
      ),
    })
    .map(list => new TextEncoder().encode(JSON.stringify(list))),
)

test('a segment list of any JSON is a list of segments, or said to be none', () => {
  fc.assert(
    fc.property(anyList, fc.nat(20), (bytes, rows) => {
      const segments = decodeSegments(bytes, rows, 8)
      if (typeof segments === 'string') expect(segments.length).toBeLessThan(300)
      else expect(segments.reduce((sum, segment) => sum + segment.rows, 0)).toBe(rows)
    }),
    { numRuns: 1500 },
  )
})

test('a bitmap takes no more memory than its file, whatever rows it is for', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.maxSafeNat(), fc.boolean(), (bytes, rows, headed) => {
      const file = headed && bytes.length >= 8 ? bytes.slice() : bytes
      if (headed && bytes.length >= 8) new DataView(file.buffer).setBigUint64(0, BigInt(rows), true)
      const bitmap = decodeBitmap(file, rows)
      if (typeof bitmap === 'string') expect(bitmap.length).toBeLessThan(150)
      else expect(bitmap.words.byteLength).toBeLessThanOrEqual(file.length)
    }),
    { numRuns: 1500 },
  )
})
