import type { ArrayInfo, RowSetName } from '../../../../core/explorer/contract/types.ts'
import { countedRowSet, countRows } from '../../../../core/explorer/contract/row-sets.ts'
import { columnOf, type Values, valuesOf } from '../../../../core/format/values.ts'
import type { Bridge } from '../../../bridge/bridge.ts'
import { readTask } from '../../../model/tasks.ts'

const MOST_ROWS = 256

interface Where {
  store: number
  array: ArrayInfo
  rowSet: RowSetName
  index: readonly number[]
}

/** Reads columns of rows that are spread evenly over an array, as numbers; complex elements as their absolute value. */
export async function sampleColumns(
  bridge: Bridge,
  { store, array, rowSet, index }: Where,
  [first, stop]: readonly [number, number],
  signal: AbortSignal,
): Promise<readonly Values[]> {
  const sampled = countedRowSet(rowSet)
  const rows = countRows(array, sampled)
  const count = Math.min(MOST_ROWS, rows)
  const width = stop - first
  const axes = [
    { start: 0, count, step: Math.max(1, Math.floor(rows / MOST_ROWS)) },
    ...index.map(at => ({ start: at, count: 1, step: 1 })),
    ...(array.shape.length === 1 ? [] : [{ start: first, count: width, step: 1 }]),
  ]
  const where = { store, array: array.name, generation: array.generation, rowSet: sampled }
  const { result, bytes } = await readTask(bridge, { kind: 'sample', params: { ...where, axes } }, signal)
  const { reading } = result
  if (reading === null) return []
  const values = valuesOf(reading.dtype, new Uint8Array(bytes), 'magnitude')
  return Array.from({ length: width }, (_, column) => columnOf(values, width, column))
}
