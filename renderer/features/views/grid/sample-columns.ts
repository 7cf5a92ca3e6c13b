import type { ArrayInfo, View } from '../../../../core/explorer/contract/types.ts'
import { countedView, rowsInView } from '../../../../core/explorer/contract/views.ts'
import { numbersOf } from '../../../../core/format/numbers.ts'
import type { Bridge } from '../../../bridge/bridge.ts'
import { readTask } from '../../../model/tasks.ts'

const ROWS = 256

interface Where {
  store: number
  array: ArrayInfo
  view: View
  index: readonly number[]
}

/** Reads columns of rows that are spread evenly over an array, as numbers; complex elements as their absolute value. */
export async function sampleColumns(
  bridge: Bridge,
  { store, array, view, index }: Where,
  [first, stop]: readonly [number, number],
  signal: AbortSignal,
): Promise<readonly Float64Array[]> {
  const sampled = countedView(view)
  const rows = rowsInView(array, sampled)
  const count = Math.min(ROWS, rows)
  const width = stop - first
  const axes = [
    { start: 0, count, step: Math.max(1, Math.floor(rows / ROWS)) },
    ...index.map(at => ({ start: at, count: 1, step: 1 })),
    ...(array.shape.length === 1 ? [] : [{ start: first, count: width, step: 1 }]),
  ]
  const where = { store, array: array.name, generation: array.generation, view: sampled }
  const { result, bytes } = await readTask(bridge, { kind: 'sample', params: { ...where, axes } }, signal)
  const numbers = result.reading ? numbersOf(result.reading.dtype, new Uint8Array(bytes), 'magnitude') : []
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: count }, (_, row) => numbers[row * width + column]!),
  )
}
