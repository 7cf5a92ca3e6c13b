import { itemsize } from '../../format/dtype.ts'
import { valuesOf } from '../../format/values.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { readSteps, type AxisSteps } from '../../storage/read/read-steps.ts'
import { progressMeter } from '../../system/progress.ts'
import type { ArrayTaskParams } from '../contract/types.ts'
import type { ArrayWork } from './array-tasks.ts'
import { Extremes } from './extremes.ts'
import type { ArrayTaskResult } from './messages.ts'
import { rowSetOf } from './row-sets.ts'
import { TURN_MS } from './turns.ts'

type Params = ArrayTaskParams<'lines'>

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

interface Run {
  start: number
  stop: number
}

/** Columns (or rows) that are read together: runs of lines without large gaps between them. */
export function runsOf(lines: readonly number[], near: number): Run[] {
  const runs: Run[] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && line - last.stop <= near && line - last.start < WIDEST_RUN) last.stop = Math.max(last.stop, line + 1)
    else runs.push({ start: line, stop: line + 1 })
  }
  return runs
}

/** Reads the extremes of lines through an array. Rejects with `INDEX` for lines beyond the array. */
export const lines: ArrayWork<'lines'> = {
  rows: ({ along, lines, range }) => (along === 'rows' ? range[1] : Math.max(...lines) + 1),
  cache: null,

  async run(params, reader, { signal, onProgress, nextTurn, now }) {
    const { along, bucket } = params
    const { dtype, physicalShape } = reader
    const axes = physicalShape.length
    const size =
      along === 'rows' ? rowSetOf(reader, params.rowSet).count : axes > 1 ? (physicalShape.at(-1) as number) : 1
    const [start, stop] = params.range.map(position => Math.min(position, size)) as [number, number]
    const runs = runsIn(params, reader)
    const widest = runs.reduce((most, run) => Math.max(most, run.stop - run.start), 1)
    const found = params.lines.map(() => new Extremes(dtype, bucket, start, stop))
    const bytesAPosition = params.lines.length * itemsize(dtype)
    const meter = progressMeter()
    const atOnce = positionsAtOnce(params, reader, widest)
    let position = start
    const result = (): ArrayTaskResult => ({
      figures: null,
      reading: { dtype, done: position - start },
      bytes: joined(found.map(({ fields }) => fields)),
    })
    let turnEnds = now() + TURN_MS
    while (position < stop) {
      const count = Math.min(atOnce, stop - position)
      for (const run of runs) {
        if (now() >= turnEnds) {
          const progress = meter((position - start) * bytesAPosition, (stop - start) * bytesAPosition)
          onProgress(progress, result)
          await nextTurn()
          signal.throwIfAborted()
          turnEnds = now() + TURN_MS
        }
        addRun(params, reader, { run, position, count, found })
      }
      position += count
    }
    return result()
  },
}

function runsIn({ along, lines }: Params, { dtype }: ArrayReader): Run[] {
  return along === 'rows'
    ? runsOf(lines, NEAR_BYTES / itemsize(dtype))
    : lines.map(line => ({ start: line, stop: line + 1 }))
}

function positionsAtOnce({ along }: Params, { dtype, rowBytes }: ArrayReader, widest: number): number {
  const passedOver = along === 'rows' ? Math.max(itemsize(dtype), rowBytes) : itemsize(dtype)
  const most = Math.min(MAX_READ_ELEMENTS, Math.floor(MOST_ELEMENTS / widest))
  return Math.max(Math.min(64, most), Math.min(most, Math.floor(READ_BYTES / passedOver)))
}

interface PartOfRun {
  run: Run
  position: number
  count: number
  found: readonly Extremes[]
}

/** Reads some positions of a run of lines into their extremes. */
function addRun(params: Params, reader: ArrayReader, { run, position, count, found }: PartOfRun): void {
  const { along, lines, part } = params
  const rowSet = rowSetOf(reader, params.rowSet)
  const values = valuesOf(reader.dtype, readSteps(reader, rowSet, stepsOf(params, reader, run, position, count)), part)
  const width = run.stop - run.start
  for (const [i, line] of lines.entries())
    if (line >= run.start && line < run.stop)
      found[i]?.add(values, line - run.start, along === 'rows' ? width : 1, count, position)
}

function stepsOf(
  { along, index }: Params,
  { physicalShape }: ArrayReader,
  run: Run,
  position: number,
  count: number,
): AxisSteps[] {
  const axes = physicalShape.length
  const positions = { start: position, count, step: 1 }
  const across = { start: run.start, count: run.stop - run.start, step: 1 }
  const middle = index.map(at => ({ start: at, count: 1, step: 1 }))
  if (axes === 0) return []
  if (axes === 1) return along === 'rows' ? [positions] : [across]
  return along === 'rows' ? [positions, ...middle, across] : [across, ...middle, positions]
}

function joined(parts: readonly Float64Array[]): ArrayBuffer {
  const out = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out.buffer
}
