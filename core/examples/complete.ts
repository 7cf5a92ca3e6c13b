import { memoryUsage, NDArray, NumPack, slice } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

const COLUMNS = 100
/** Rows in memory at a time: 4 MB. */
const CHUNK_ROWS = 10_000

/** Results of the example. Memory in MB, after each step. */
export interface Report {
  readonly memory: Record<string, number>
  readonly shapes: Record<string, readonly number[]>
  readonly preview: NDArray
  readonly mean: NDArray
  readonly std: NDArray
}

/** Creates, reduces, normalizes and extends 1,000,000 x 100 float32 (400 MB) with a few chunks in memory. */
export function complete(folder: string, rows = 1_000_000): Report {
  const memory: Record<string, number> = {}
  const note = (step: string): void => {
    memory[step] = memoryUsage()
  }
  using npk = NumPack.open(`${folder}/complete.npk`)
  note('start')

  npk.save({ features: NDArray.zeros([0, COLUMNS], 'float32') })
  for (let first = 0; first < rows; first += CHUNK_ROWS) {
    npk.append({ features: normal(Math.min(CHUNK_ROWS, rows - first), COLUMNS, 1 + first) })
  }
  note('create')

  // Explore: a lazy array knows its shape without reading, and reads only what is selected.
  const features = npk.load('features', { lazy: true })
  const preview = features.get(slice(null, null, Math.ceil(rows / 5)), [0, 50, 99])
  note('explore lazily')

  let sum: np.NDArray = np.zeros([COLUMNS])
  let sumOfSquares: np.NDArray = np.zeros([COLUMNS])
  for (const batch of npk.streamLoad('features', 1000, { reuse: true })) {
    using stored = batch.toNumpy(np)
    using values = stored.astype('float64')
    using squares = np.square(values)
    sum = sum.add(np.sum(values, 0) as np.NDArray)
    sumOfSquares = sumOfSquares.add(np.sum(squares, 0) as np.NDArray)
  }
  const mean = sum.divide(rows)
  const std = np.sqrt(sumOfSquares.divide(rows).subtract(np.square(mean)))
  note('stream the mean')

  // Normalize in place: changes the file block by block.
  npk.writableBatchMode(wb => {
    wb.load('features').isub(mean.astype('float32')).idiv(std.astype('float32'))
  })
  note('normalise in place')

  // Augment in a batch: the new arrays are written together at its end, or not at all.
  npk.batchMode(batch => {
    const sample = batch.load('features', { lazy: true }).get(slice(0, Math.min(rows, CHUNK_ROWS)))
    using values = sample.toNumpy(np)
    batch.save({ mirrored: np.negative(values), squared: np.square(values) })
  })
  note('augment in a batch')

  npk.append({ features: npk.load('mirrored') })
  note('append')

  return { memory, shapes: npk.getShape(), preview, mean: NDArray.from(mean), std: NDArray.from(std) }
}

if (import.meta.main) {
  const start = performance.now()
  run(folder => {
    const { memory, shapes, preview } = complete(folder, Number(process.argv[2] ?? 1_000_000))
    return { memory, shapes, preview: preview.toList() }
  })
  console.log(
    `${((performance.now() - start) / 1000).toFixed(1)} s, at most ${process.resourceUsage().maxRSS / 1000} MB`,
  )
}
