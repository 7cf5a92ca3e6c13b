import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBitmap } from './bitmap.ts'
import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { decodeMetadata, encodeMetadata, type Metadata } from './metadata.ts'
import { encodeEntryHeader, encodePackageHeader, type PackageIndex, readPackageIndex } from './npkg.ts'
import { decodeSegments, type Segment } from './segments.ts'

const count = fc.oneof(
  fc.constantFrom(0, 1, 2, 63, 64, 65, 241, 242, 255, 256, 1024, 1025, 100_000, 100_001, 2 ** 31, 2 ** 32 - 1),
  fc.nat(200),
  fc.nat({ max: 2 ** 32 - 1 }),
)

const withWords = (bytes: Uint8Array, words: readonly (readonly [at: number, value: number])[]): Uint8Array => {
  const out = bytes.slice()
  const view = new DataView(out.buffer)
  for (const [at, value] of words) if (at + 4 <= out.length) view.setUint32(at, value, true)
  return out
}

const words = fc.array(fc.tuple(fc.nat(400), count), { maxLength: 6 })

function typed<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof NumPackError) || error.message.length > 1000) throw error
    return undefined
  }
}

const failing = (claims: Record<string, boolean>): string[] => Object.keys(claims).filter(name => !claims[name])

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

function faultsOfMetadata(metadata: Metadata, bytes: Uint8Array): string[] {
  const { records } = metadata
  const again = decodeMetadata(encodeMetadata(records)).records
  return failing({
    'is shown in few characters': shown(metadata).length < 30 * bytes.length + 1000,
    'has a name for each record': new Set(records.map(({ name }) => name)).size === records.length,
    'keeps short texts': records.every(({ name, dataFile }) => name.length + dataFile.length < 2.2 * LIMITS.textBytes),
    'keeps few axes': records.every(({ shape }) => shape.length <= LIMITS.axes),
    'has safe shapes': records.every(({ shape, problem }) => problem !== null || shape.every(Number.isSafeInteger)),
    'is written back as it was': records.every(({ raw }, i) => Buffer.compare(raw, again[i]?.raw ?? bytes) === 0),
  })
}

test('metadata with any counts and lengths is refused or uses no more memory than its size', () => {
  fc.assert(
    fc.property(anyMetadata, bytes => {
      const metadata = typed(() => decodeMetadata(bytes))
      expect(metadata === undefined ? [] : faultsOfMetadata(metadata, bytes)).toEqual([])
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

const faultsOfIndex = ({ entries }: PackageIndex, bytes: Uint8Array, bytesRead: number): string[] =>
  failing({
    'stops at bad entries': entries.filter(({ problem }) => problem !== null).length <= LIMITS.packageProblems,
    'lists what is there': entries.length <= Math.min(LIMITS.packageFiles, 1 + bytes.length / 20),
    'reads headers only': bytesRead <= 1100 * (entries.length + 2),
    'keeps short names': entries.every(({ name }) => name.length <= LIMITS.fileNameBytes),
  })

test('listing a package with any counts and lengths uses no more memory than its size', () => {
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
      expect(index === undefined ? [] : faultsOfIndex(index, bytes, bytesRead)).toEqual([])
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

test('any JSON is either a valid segment list or reported as invalid', () => {
  fc.assert(
    fc.property(anyList, fc.nat(20), (bytes, rows) => {
      const segments = decodeSegments(bytes, rows, 8)
      const isWhole = (list: readonly Segment[]): boolean => list.reduce((sum, { rows }) => sum + rows, 0) === rows
      expect(typeof segments === 'string' ? segments.length < 300 : isWhole(segments)).toBe(true)
    }),
    { numRuns: 1500 },
  )
})

test('a bitmap takes no more memory than its file, for any number of rows', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.maxSafeNat(), fc.boolean(), (bytes, rows, headed) => {
      const file = headed && bytes.length >= 8 ? bytes.slice() : bytes
      if (headed && bytes.length >= 8) new DataView(file.buffer).setBigUint64(0, BigInt(rows), true)
      const bitmap = decodeBitmap(file, rows)
      expect(typeof bitmap === 'string' ? bitmap.length < 150 : bitmap.words.byteLength <= file.length).toBe(true)
    }),
    { numRuns: 1500 },
  )
})
