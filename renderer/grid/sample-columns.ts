import type { RowSetName } from '../../core/explorer/contract/types.ts'
import { numbersOf } from '../../core/format/numbers.ts'
import type { Bridge } from '../bridge/bridge.ts'
import type { Span } from './grid-types.ts'

const ROWS = 256

interface Where {
  store: number
  array: string
  rowSet: RowSetName
  rows: number
  index: readonly number[]
  /** Whether the array is 1-D and has no column axis. */
  isOneColumn: boolean
}

/** Reads columns of rows that are spread evenly over an array, as numbers; complex elements as their absolute value. */
export async function sampleColumns(
  bridge: Bridge,
  { store, array, rowSet, rows, index, isOneColumn }: Where,
  [first, stop]: Span,
  signal: AbortSignal,
): Promise<readonly Float64Array[]> {
  const step = Math.max(1, Math.floor(rows / ROWS))
  const across = [
    ...index.map(at => ({ start: at, count: 1, step: 1 })),
    ...(isOneColumn ? [] : [{ start: first, count: stop - first, step: 1 }]),
  ]
  const width = stop - first
  const count = Math.min(ROWS, rows)
  const columns = Array.from({ length: width }, () => new Float64Array(count))
  for (let done = 0; done < count; ) {
    const axes = [{ start: done * step, count: count - done, step }, ...across]
    const params = { store, array, rowSet, axes, along: 0 }
    const { result, bytes } = await bridge.request('readSteps', params, { signal })
    const numbers = numbersOf(result.dtype, new Uint8Array(bytes), 'magnitude')
    for (const [column, values] of columns.entries()) {
      for (let row = 0; row < result.done; row++) values[done + row] = numbers[row * width + column]!
    }
    done += result.done
  }
  return columns
}
