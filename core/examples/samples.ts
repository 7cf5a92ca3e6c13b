import { NDArray } from 'numpack-explorer'
import * as np from 'numpy-ts'

/** Normally distributed float32 of shape (rows, columns): the data of the examples, the same for the same seed. */
export function normal(rows: number, columns: number, seed = 1): NDArray {
  np.random.seed(seed)
  // Arrays of numpy-ts lie in WebAssembly's memory: `using` gives it back at the end of the block.
  using values = np.asarray(np.random.standard_normal([rows, columns]))
  return NDArray.from(values, { dtype: 'float32' })
}
