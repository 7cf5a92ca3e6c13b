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
      const from = (positions[run] as number) - start
      const [before, next] = [old, data].map(values => values.subarray(offset, offset + length))
      applies.push(isLeftByWrite(bytes.subarray(from, from + length), before as Uint8Array, next as Uint8Array))
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

/** Whether `present` can result from an interrupted write of `next` over `old`. */
function isLeftByWrite(present: Uint8Array, old: Uint8Array, next: Uint8Array): boolean {
  for (let start = 0; start < old.length; start += SECTOR_BYTES) {
    const stop = Math.min(start + SECTOR_BYTES, old.length)
    if (!isSplice(present, next, old, start, stop) && !isSplice(present, old, next, start, stop)) return false
  }
  return true
}

/** Whether the bytes [start, stop) are like `head` up to some byte, and like `tail` from there. */
function isSplice(bytes: Uint8Array, head: Uint8Array, tail: Uint8Array, start: number, stop: number): boolean {
  let at = start
  while (at < stop && bytes[at] === head[at]) at++
  while (at < stop && bytes[at] === tail[at]) at++
  return at === stop
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
