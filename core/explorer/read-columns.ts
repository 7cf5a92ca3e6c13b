import { itemsize } from '../format/dtype.ts'
import { numbersOf } from '../format/numbers.ts'
import type { ArrayReader } from '../storage/reader.ts'
import { readSteps } from '../storage/read-steps.ts'
import { ColumnSums } from './column-sums.ts'
import type { Answer, Params } from './contract/types.ts'
import { ANSWER_WITHIN_MS } from './read-series.ts'

/** Elements that are read before the time is looked at. */
const ELEMENTS_AT_ONCE = 32_768

/** Bytes of the file that one read passes over. */
const READ_BYTES = 1 << 20

/** Answers `readColumns`: sums of columns over as many rows as time allows. `now` gives milliseconds. */
export function readColumns(
  reader: ArrayReader,
  generation: number,
  { view, rows, columns, index, part }: Params<'readColumns'>,
  now: () => number = () => performance.now(),
): Answer<'readColumns'> {
  const { dtype, physicalShape } = reader
  const axes = physicalShape.length
  const size = reader.rowsIn(view)
  const width = axes > 1 ? (physicalShape.at(-1) as number) : 1
  const [from, to] = [Math.min(columns[0], width), Math.min(columns[1], width)]
  const start = Math.min(rows[0], size)
  const stop = Math.min(rows[1], size)
  const sums = new ColumnSums(to - from)
  const passedOver = Math.min(reader.rowBytes, (to - from) * itemsize(dtype) + READ_BYTES / 64)
  const byElements = Math.floor(ELEMENTS_AT_ONCE / Math.max(1, to - from))
  const atOnce = Math.max(1, Math.min(byElements, Math.floor(READ_BYTES / Math.max(1, passedOver))))
  const middle = index.map(at => ({ start: at, count: 1, step: 1 }))
  const across = axes > 1 ? [...middle, { start: from, count: to - from, step: 1 }] : []
  const answerBy = now() + ANSWER_WITHIN_MS
  let row = start
  while (row < stop) {
    const count = Math.min(atOnce, stop - row)
    const bytes = readSteps(reader, view, [{ start: row, count, step: 1 }, ...across])
    sums.add(numbersOf(dtype, bytes, part), row)
    row += count
    if (now() >= answerBy) break
  }
  return { result: { rows: [start, row], columns: [from, to], size, generation }, bytes: sums.fields().buffer }
}
