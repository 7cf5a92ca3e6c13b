import type { View } from '../../core/explorer/contract/types.ts'
import { numbersOf } from '../../core/format/numbers.ts'
import type { Bridge } from '../bridge/bridge.ts'
import type { Span } from './types.ts'

/** Rows that are looked at. */
const ROWS = 256

interface Where {
  store: number
  array: string
  view: View
  /** Of the view. */
  rows: number
  /** Indices along the middle axes. */
  index: readonly number[]
  /** A 1-D array, which has no axis of columns. */
  isOneColumn: boolean
}

/** Numbers of columns in rows that are spread over an array; of complex elements their size. */
export async function sampleColumns(
  bridge: Bridge,
  { store, array, view, rows, index, isOneColumn }: Where,
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
    const params = { store, array, view, axes, along: 0 }
    const { result, bytes } = await bridge.request('readSteps', params, { signal })
    const numbers = numbersOf(result.dtype, new Uint8Array(bytes), 'magnitude')
    for (const [column, values] of columns.entries()) {
      for (let row = 0; row < result.done; row++) values[done + row] = numbers[row * width + column]!
    }
    done += result.done
  }
  return columns
}
