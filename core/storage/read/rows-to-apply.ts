import { endOfGroup, endOfRun } from './run-groups.ts'
import type { DataSource } from './source.ts'
import type { LoggedRows } from './write-log.ts'

/** A disk writes an aligned sector wholly or not at all. */
const SECTOR_BYTES = 512

/**
 * Returns the logged runs that still apply: their bytes on disk are old, new or, if the writer died within them, partly
 * new. Another program has changed any others since. Returns undefined if none applies, all if the log lacks the old
 * bytes. `source` is the array as on disk.
 */
export function rowsToApply(source: DataSource, rows: LoggedRows): LoggedRows | undefined {
  const { positions, lengths, data, old = null } = rows
  if (old === null) return rows
  const applies: boolean[] = []
  let offset = 0
  for (const { first, stop, bytes, start } of readGroups(source, rows)) {
    for (let run = first; run < stop; run++) {
      const length = lengths[run] as number
      applies.push(isLeftByWrite({ bytes, at: (positions[run] as number) - start }, old, data, offset, length))
      offset += length
    }
  }
  source.close()
  if (applies.every(Boolean)) return rows
  return applies.includes(true) ? pick(rows, old, applies) : undefined
}

/** Runs [first, stop), and the array's bytes from the first one on, valid until the next group. */
interface Group {
  readonly first: number
  readonly stop: number
  readonly start: number
  readonly bytes: Uint8Array
}

function* readGroups(source: DataSource, rows: LoggedRows): IterableIterator<Group> {
  const { positions } = rows
  let buffer = new Uint8Array(0)
  for (let first = 0, stop = 0; first < positions.length; first = stop) {
    const start = positions[first] as number
    stop = endOfGroup(rows, first)
    const length = endOfRun(rows, stop - 1) - start
    if (buffer.length < length) buffer = new Uint8Array(length)
    source.read(buffer, 0, length, start)
    yield { first, stop, start, bytes: buffer }
  }
}

/** Bytes on disk, from index `at` on. */
interface Present {
  readonly bytes: Uint8Array
  readonly at: number
}

/** Whether `present` can result from an interrupted write of the run at `offset` of `next` over that of `old`. */
function isLeftByWrite(present: Present, old: Uint8Array, next: Uint8Array, offset: number, length: number): boolean {
  for (let start = 0; start < length; start += SECTOR_BYTES) {
    const sector = { bytes: present.bytes, at: present.at + start }
    const bytes = Math.min(SECTOR_BYTES, length - start)
    if (!isSplice(sector, next, old, offset + start, bytes) && !isSplice(sector, old, next, offset + start, bytes))
      return false
  }
  return true
}

/** Whether `length` bytes are like those of `head` from `offset` on up to some byte, and like `tail` from there. */
function isSplice({ bytes, at }: Present, head: Uint8Array, tail: Uint8Array, offset: number, length: number): boolean {
  let i = 0
  while (i < length && bytes[at + i] === head[offset + i]) i++
  while (i < length && bytes[at + i] === tail[offset + i]) i++
  return i === length
}

function pick(rows: LoggedRows, old: Uint8Array, applies: readonly boolean[]): LoggedRows {
  const runs = applies.flatMap((isKept, run) => (isKept ? [run] : []))
  const lengths = Float64Array.from(runs, run => rows.lengths[run] as number)
  const size = lengths.reduce((sum, length) => sum + length, 0)
  const kept = { data: new Uint8Array(size), old: new Uint8Array(size) }
  let from = 0
  let to = 0
  for (const [run, isKept] of applies.entries()) {
    const length = rows.lengths[run] as number
    if (isKept) {
      kept.data.set(rows.data.subarray(from, from + length), to)
      kept.old.set(old.subarray(from, from + length), to)
      to += length
    }
    from += length
  }
  return { ...rows, positions: Float64Array.from(runs, run => rows.positions[run] as number), lengths, ...kept }
}
