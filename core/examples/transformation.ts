import { NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

/** Reads a batch, computes, appends: memory holds one batch. Deleted rows of the source are not copied. */
export function compressSignal(folder: string): Record<string, readonly number[]> {
  {
    using raw = NumPack.open(`${folder}/raw.npk`)
    raw.save({ signal: normal(5000, 16) })
    raw.drop('signal', ':500')
  }

  using source = NumPack.open(`${folder}/raw.npk`, { readOnly: true })
  using target = NumPack.open(`${folder}/clean.npk`, { dropIfExists: true })
  const { dtype, shape } = source.load('signal', { lazy: true })
  // An array without rows defines the shape and dtype of rows; then every batch is appended.
  target.save({ compressed: NDArray.zeros([0, ...shape.slice(1)], dtype) })
  for (const batch of source.streamLoad('signal', 1024, { reuse: true })) {
    using values = batch.toNumpy(np)
    using magnitude = np.log1p(np.absolute(values))
    using compressed = np.multiply(np.sign(values), magnitude)
    target.append({ compressed })
  }
  return target.getShape()
}

if (import.meta.main) run(compressSignal)
