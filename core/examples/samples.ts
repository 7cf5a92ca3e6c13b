import { NDArray } from 'numpack'
import * as np from 'numpy-ts'

/** Creates normally distributed float32 of shape (rows, columns), reproducible by seed. */
export function normal(rows: number, columns: number, seed = 1): NDArray {
  np.random.seed(seed)
  // Arrays of numpy-ts are in WebAssembly memory: `using` frees them at the end of the block.
  using values = np.asarray(np.random.standard_normal([rows, columns]))
  return NDArray.from(values, { dtype: 'float32' })
}
