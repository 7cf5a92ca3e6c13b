import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBitmap } from '../format/bitmap.ts'
import { NumPackError } from '../format/errors.ts'
import { decodeMetadata } from '../format/metadata.ts'
import { decodeSegments } from '../format/segments.ts'
import { scaleCount, scaleTimeout, scratchRoot } from '../test-support/attack-scale.ts'
import type { StoreFolder } from '../storage/read/folder.ts'
import { HandlePool } from '../system/handles.ts'
import { encodeWriteLog, findWriteLog, WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { watchAllocations } from '../test-support/allocations.ts'
import { mutate } from './mutate.ts'
import { randomFrom, seed } from './random.ts'
import { REFERENCE_ITEMSIZE, referenceActive, referenceMetadata, referenceSegments } from './reference.ts'
import { scratchFolder } from './scratch.ts'

/** Together with the package headers of mutated-packages.test.ts, 1,000,000 at full size. */
const RUNS = {
  metadata: scaleCount(300_000, { min: 50_000 }),
  bitmap: scaleCount(200_000, { min: 40_000 }),
  segments: scaleCount(50_000, { min: 10_000 }),
  writeLogs: scaleCount(100_000, { min: 5_000 }),
}
/** Bytes that a decoder may allocate at once beyond those of the file. */
const SLACK = 64

const stores = new URL('../fixtures/stores/', import.meta.url)
const filesOf = (pattern: RegExp): Uint8Array[] =>
  readdirSync(stores, { recursive: true, encoding: 'utf8' })
    .filter(path => pattern.test(path))
    .sort()
    .map(path => readFileSync(new URL(path.split('/').map(encodeURIComponent).join('/'), stores)))

/** Returns the result of `work` or the typed error that it throws. Any other error fails the test. */
function attempt<T>(work: () => T): T | NumPackError {
  try {
    return work()
  } catch (error) {
    if (error instanceof NumPackError) return error
    throw error
  }
}

function checkMutations(
  runs: number,
  files: readonly Uint8Array[],
  check: (file: Uint8Array<ArrayBuffer>, random: ReturnType<typeof randomFrom>) => void,
): void {
  const random = randomFrom(seed)
  for (let run = 0; run < runs; run++) {
    const file = mutate(random.pick(files), random, files)
    try {
      check(file, random)
    } catch (cause) {
      const bytes = Buffer.from(file).toString('base64')
      throw new Error(`run ${run} of seed ${seed}: ${String(cause)}\nthe file in base64: ${bytes}`, { cause })
    }
  }
}

const largestAllocation = (work: () => unknown): number => watchAllocations(work).largest

test('watchAllocations reports the largest allocation in bytes, and refuses a huge one', () => {
  expect(largestAllocation(() => new Uint8Array(100))).toBe(100)
  expect(largestAllocation(() => new Float64Array(100))).toBe(800)
  expect(largestAllocation(() => Array.from({ length: 50 }, () => 0))).toBe(400)
  expect(largestAllocation(() => Array<boolean>(50).fill(true))).toBe(400)
  expect(largestAllocation(() => new Uint8Array(new ArrayBuffer(64), 8, 8))).toBe(64)
  expect(() => largestAllocation(() => new ArrayBuffer(2 ** 40))).toThrow(RangeError)
})

test(
  `mutated metadata is read correctly or refused (ORACLE_SEED=${seed})`,
  () => {
    const files = filesOf(/metadata\.npkm$/)
    let read = 0
    checkMutations(RUNS.metadata, files, file => {
      const expected = referenceMetadata(file)
      const { result, largest } = watchAllocations(() => attempt(() => decodeMetadata(file)))
      expect(largest).toBeLessThanOrEqual(file.length + SLACK)
      expect(result instanceof NumPackError).toBe(expected === null)
      if (expected === null || result instanceof NumPackError) return
      read++
      const { records } = result
      expect(records.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort())
      for (const record of records) {
        const wanted = expected.get(record.name)!
        expect(record.shape).toEqual(wanted.shape.map(Number))
        expect([record.sizeBytes, record.dtypeCode]).toEqual([Number(wanted.sizeBytes), wanted.dtypeCode])
        // Only the beginning of a path that is too long is kept.
        const kept = record.problem === null ? record.dataFile : record.dataFile.replace(/…$/, '')
        expect(wanted.dataFile.slice(0, record.problem === null ? undefined : kept.length)).toBe(kept)
        if (record.problem !== null) continue
        const itemsize = REFERENCE_ITEMSIZE[wanted.dtypeCode]
        const bytes = wanted.shape.reduce((product, axis) => product * axis, BigInt(itemsize ?? -1))
        expect(wanted.algorithm).toBe(0)
        expect(bytes >= 0n && bytes <= BigInt(Number.MAX_SAFE_INTEGER)).toBe(true)
        expect(wanted.dataFile).not.toMatch(/^[/\\]|(^|[/\\])\.\.([/\\]|$)|\0|[/\\].*[/\\]/s)
      }
    })
    expect(read).toBeGreaterThan(RUNS.metadata / 20)
  },
  scaleTimeout({ minutes: 30 }),
)

test(
  `a mutated bitmap is read correctly or refused (ORACLE_SEED=${seed})`,
  () => {
    const files = filesOf(/\.npkb$/)
    let read = 0
    checkMutations(RUNS.bitmap, files, (file, random) => {
      const rows = random.below(4) === 0 ? random.below(400) : 300
      const expected = referenceActive(file, rows)
      const { result, largest } = watchAllocations(() => decodeBitmap(file, rows))
      expect(largest).toBeLessThanOrEqual(file.length + SLACK)
      expect(typeof result === 'string').toBe(expected === null)
      if (expected === null || typeof result === 'string') return
      read++
      const { words, torn } = result
      expect(torn).toBe(expected.torn)
      const readable = torn ? Math.min(rows, words.length * 32) : rows
      const active = Array.from({ length: readable }, (_, row) => row).filter(
        row => ((words[row >>> 5]! >>> (row & 31)) & 1) === 1,
      )
      expect(active).toEqual(expected.active.filter(row => row < readable))
    })
    expect(read).toBeGreaterThan(RUNS.bitmap / 20)
  },
  scaleTimeout({ minutes: 30 }),
)

test(
  `a mutated segment list is read correctly or refused (ORACLE_SEED=${seed})`,
  () => {
    const files = filesOf(/\.npkseg$/)
    // Of the array 'big' of segmented.npk.
    const ROWS = 1010
    const ROW_BYTES = 64
    expect(files.map(file => referenceSegments(file, ROWS, ROW_BYTES)?.length)).not.toContain(undefined)
    let read = 0
    checkMutations(RUNS.segments, files, file => {
      const expected = referenceSegments(file, ROWS, ROW_BYTES)
      const { result, largest } = watchAllocations(() => decodeSegments(file, ROWS, ROW_BYTES))
      // A parsed list takes as many 8-byte words as its text has characters.
      expect(largest).toBeLessThanOrEqual(8 * file.length + SLACK)
      if (typeof result === 'string') return
      read++
      expect(result.map(segment => [segment.file, segment.rows])).toEqual(expected)
    })
    expect(read).toBeGreaterThan(0)
  },
  scaleTimeout({ minutes: 30 }),
)

test(
  `a mutated write log is read or refused, and its parts lie within the file (ORACLE_SEED=${seed})`,
  () => {
    using folder = scratchFolder(scratchRoot())
    const path = join(folder.path, WRITE_LOG_FILE)
    const store: StoreFolder = { path: folder.path, realPath: folder.path, pool: new HandlePool() }
    const HEADER_BYTES = 12
    const writeLogs = [makeWriteLog()]
    let read = 0
    checkMutations(RUNS.writeLogs, writeLogs, (file, random) => {
      const isChecksumValid = random.below(10) > 0 && file.length > HEADER_BYTES
      if (isChecksumValid) new DataView(file.buffer).setUint32(8, crc32(file.subarray(HEADER_BYTES)), true)
      writeFileSync(path, file)
      const { result, largest } = watchAllocations(() => attempt(() => findWriteLog(store, null)))
      expect(largest).toBeLessThanOrEqual(8 * file.length + 65_536)
      if (result === null || result instanceof NumPackError) return
      read++
      const { bitmaps, rows, files } = result
      for (const { bitmap } of bitmaps.values()) expect(bitmap?.length ?? 0).toBeLessThanOrEqual(file.length)
      for (const { positions, lengths, data } of rows.values()) {
        expect(positions.length).toBe(lengths.length)
        expect(16 * positions.length + data.length).toBeLessThanOrEqual(file.length)
      }
      for (const name of files) expect(name).not.toMatch(/^[/\\]|(^|[/\\])\.\.([/\\]|$)|\0/)
    })
    expect(read).toBeGreaterThan(0)
  },
  scaleTimeout({ minutes: 30 }),
)

function makeWriteLog(): Uint8Array {
  const record = new Uint8Array(60).fill(7)
  const runs = { positions: Float64Array.of(0, 24), lengths: Float64Array.of(8, 8), data: new Uint8Array(16).fill(9) }
  return Buffer.concat(
    encodeWriteLog({
      bitmaps: [
        { name: 'a', record, bitmap: new Uint8Array(24).fill(1), old: { size: 24, crc: 5 } },
        { name: 'b', record, bitmap: null, old: null },
      ],
      rows: [{ name: 'c', record, ...runs, old: new Uint8Array(16).fill(8) }],
      files: ['data_a.npkd', 'data_c_segments/seg_000001.npkd'],
    }),
  )
}
