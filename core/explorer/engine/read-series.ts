import { itemsize } from '../../format/dtype.ts'
import { numbersOf } from '../../format/numbers.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { readSteps, type AxisSteps } from '../../storage/read/read-steps.ts'
import type { Answer, Params } from '../contract/types.ts'
import { Extremes } from './extremes.ts'
import { rowSetOf } from './row-sets.ts'

/** A request that takes longer answers with what it has, so that rows asked for meanwhile don't wait. */
export const ANSWER_WITHIN_MS = 12

/** Bytes of the file that one read passes over: a millisecond or less where the file is cached. */
const READ_BYTES = 1 << 20

/** Elements read for one line at once, at most. */
const MAX_READ_ELEMENTS = 1 << 16

/** Lines closer together than this in a row are read in one go. */
const NEAR_BYTES = 16 * 1024

/** Elements of a row that are read for several lines in one go, at most. */
const WIDEST_RUN = 1 << 16

/** Elements that one read gives, at most: 8 MB as float64. */
const MOST_ELEMENTS = 1 << 20

/** Columns (or rows) that are read together: runs of lines without large gaps between them. */
export function runsOf(lines: readonly number[], near: number): { start: number; stop: number }[] {
  const runs: { start: number; stop: number }[] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && line - last.stop <= near && line - last.start < WIDEST_RUN) last.stop = Math.max(last.stop, line + 1)
    else runs.push({ start: line, stop: line + 1 })
  }
  return runs
}

/**
 * Answers `readSeries`: the extremes of lines through an array, as far as time allows. `now` gives milliseconds.
 * Throws `INDEX` for lines beyond the array.
 */
export function readSeries(
  reader: ArrayReader,
  generation: number,
  params: Params<'readSeries'>,
  now: () => number = () => performance.now(),
): Answer<'readSeries'> {
  const { along, lines, index, bucket, part } = params
  const { dtype, physicalShape } = reader
  const rowSet = rowSetOf(reader, params.rowSet)
  const axes = physicalShape.length
  const size = along === 'rows' ? rowSet.count : axes > 1 ? (physicalShape.at(-1) as number) : 1
  const start = Math.min(params.range[0], size)
  const stop = Math.min(params.range[1], size)
  const item = itemsize(dtype)
  const passedOver = along === 'rows' ? Math.max(item, reader.rowBytes) : item
  const runs =
    along === 'rows' ? runsOf(lines, NEAR_BYTES / item) : lines.map(line => ({ start: line, stop: line + 1 }))
  const widest = runs.reduce((most, run) => Math.max(most, run.stop - run.start), 1)
  const most = Math.min(MAX_READ_ELEMENTS, Math.floor(MOST_ELEMENTS / widest))
  const atOnce = Math.max(Math.min(64, most), Math.min(most, Math.floor(READ_BYTES / passedOver)))
  const found = lines.map(() => new Extremes(bucket, start, stop))

  const steps = (position: number, count: number, run: { start: number; stop: number }): AxisSteps[] => {
    const positions = { start: position, count, step: 1 }
    const across = { start: run.start, count: run.stop - run.start, step: 1 }
    const middle = index.map(at => ({ start: at, count: 1, step: 1 }))
    if (axes === 0) return []
    if (axes === 1) return along === 'rows' ? [positions] : [across]
    return along === 'rows' ? [positions, ...middle, across] : [across, ...middle, positions]
  }

  const answerBy = now() + ANSWER_WITHIN_MS
  let position = start
  while (position < stop) {
    const count = Math.min(atOnce, stop - position)
    for (const run of runs) {
      const values = numbersOf(dtype, readSteps(reader, rowSet, steps(position, count, run)), part)
      const width = run.stop - run.start
      for (const [i, line] of lines.entries())
        if (line >= run.start && line < run.stop)
          found[i]?.add(values, line - run.start, along === 'rows' ? width : 1, count, position)
    }
    position += count
    if (now() >= answerBy) break
  }
  const buckets = position > start ? Math.floor((position - 1) / bucket) + 1 - Math.floor(start / bucket) : 0
  const fields = 4 * buckets
  const out = new Float64Array(fields * lines.length)
  for (const [i, extremes] of found.entries()) out.set(extremes.fields.subarray(0, fields), i * fields)
  return {
    result: { range: [start, position], size, firstBucket: Math.floor(start / bucket), buckets, generation },
    bytes: out.buffer,
  }
}
