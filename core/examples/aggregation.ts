import { NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

/**
 * Computes the mean and standard deviation of each column, batch by batch. Merging batches (Chan, Golub and LeVeque 1979)
 * keeps the digits that "mean of squares minus square of the mean" loses.
 */
export function columnStatistics(folder: string): { rows: number; mean: NDArray; std: NDArray } {
  using npk = NumPack.open(`${folder}/measurements.npk`)
  npk.save({ temperature: normal(10_000, 8) })

  let rows = 0
  let mean: np.NDArray = np.zeros([8])
  let squaredDeviations: np.NDArray = np.zeros([8])
  for (const batch of npk.streamLoad('temperature', 1000, { reuse: true })) {
    using stored = batch.toNumpy(np)
    using values = stored.astype('float64')
    const batchMean = np.mean(values, 0) as np.NDArray
    using deviations = np.subtract(values, batchMean)
    using squared = np.square(deviations)
    const batchSquaredDeviations = np.sum(squared, 0) as np.NDArray

    const total = rows + batch.length
    const delta = np.subtract(batchMean, mean)
    squaredDeviations = squaredDeviations
      .add(batchSquaredDeviations)
      .add(np.square(delta).multiply((rows * batch.length) / total))
    mean = mean.add(delta.multiply(batch.length / total))
    rows = total
  }
  return { rows, mean: NDArray.from(mean), std: NDArray.from(np.sqrt(squaredDeviations.divide(rows))) }
}

if (import.meta.main) run(columnStatistics)
