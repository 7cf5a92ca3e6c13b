import type { DType } from '../../format/dtype.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'

/** Makes rows of two columns: row i is [i, i + 0.5], cast to the dtype. */
export const twoColumns = (rows: number, dtype: DType = 'float32'): NDArray =>
  NDArray.from(
    Array.from({ length: rows }, (_, i) => [i, i + 0.5]),
    { dtype },
  )

/** Reads the first column of an array of a store: which rows are active, and in which order. */
export function readFirstColumn(store: string, name: string): unknown[] {
  using npk = NumPack.open(store, { readOnly: true })
  return npk.load(name).get(null, 0).toList() as unknown[]
}
