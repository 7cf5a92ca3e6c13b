import { NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

function* withoutNegative(batches: Iterable<NDArray>): Generator<NDArray> {
  for (const batch of batches) {
    using firstColumn = batch.get(':', 0).toNumpy(np)
    const kept = batch.get(np.greater_equal(firstColumn, 0))
    if (kept.length > 0) yield kept
  }
}

function* unitLength(batches: Iterable<NDArray>): Generator<NDArray> {
  for (const batch of batches) {
    using rows = batch.toNumpy(np)
    using lengths = np.sqrt(np.sum(np.square(rows), 1, true) as np.NDArray)
    yield NDArray.from(np.divide(rows, lengths))
  }
}

function* take(batches: Iterable<NDArray>, count: number): Generator<NDArray> {
  let left = count
  for (const batch of batches) {
    yield batch.length <= left ? batch : batch.get(`:${left}`)
    left -= batch.length
    if (left <= 0) return
  }
}

/** Each generator takes and yields batches. They are read on demand: none after `take` has enough rows. */
export function pipeline(folder: string): { read: number; shape: readonly number[] } {
  using npk = NumPack.open(`${folder}/vectors.npk`)
  npk.save({ vectors: normal(4000, 32) })

  let read = 0
  function* counted(batches: Iterable<NDArray>): Generator<NDArray> {
    for (const batch of batches) {
      read += batch.length
      yield batch
    }
  }

  const batches = take(unitLength(withoutNegative(counted(npk.streamLoad('vectors', 250)))), 500)
  npk.save({ queries: NDArray.zeros([0, 32], 'float32') })
  for (const batch of batches) npk.append({ queries: batch })
  return { read, shape: npk.getShape('queries') }
}

if (import.meta.main) run(pipeline)
