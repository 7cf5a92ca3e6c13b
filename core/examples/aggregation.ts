import { NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

/**
 * Mean and standard deviation of each column, with one batch in memory. Batches are merged (Chan, Golub and LeVeque
 * 1979), which keeps the digits that "sum of squares minus square of sum" loses.
 */
export function columnStatistics(folder: string): { rows: number; mean: NDArray; std: NDArray } {
  using npk = NumPack.open(`${folder}/measurements.npk`)
  npk.save({ temperature: normal(10_000, 8) })

  let rows = 0
  let mean: np.NDArray = np.zeros([8])
  let squares: np.NDArray = np.zeros([8])
  for (const batch of npk.streamLoad('temperature', 1000, { reuse: true })) {
    using stored = batch.toNumpy(np)
    using values = stored.astype('float64')
    const batchMean = np.mean(values, 0) as np.NDArray
    using deviations = np.subtract(values, batchMean)
    using squared = np.square(deviations)
    const batchSquares = np.sum(squared, 0) as np.NDArray

    const total = rows + batch.length
    const delta = np.subtract(batchMean, mean)
    squares = squares.add(batchSquares).add(np.square(delta).multiply((rows * batch.length) / total))
    mean = mean.add(delta.multiply(batch.length / total))
    rows = total
  }
  return { rows, mean: NDArray.from(mean), std: NDArray.from(np.sqrt(squares.divide(rows))) }
}

if (import.meta.main) run(columnStatistics)
