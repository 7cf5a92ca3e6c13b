import { type NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

/** Each step narrows what the next one reads: a column, the rows that it selects, then some of their columns. */
export function warmestReadings(folder: string): { rows: number; readings: NDArray } {
  using npk = NumPack.open(`${folder}/stations.npk`)
  npk.save({ readings: normal(10_000, 50) })

  const readings = npk.load('readings', { lazy: true })
  const temperature = readings.get(':', 3)
  const isWarm = np.greater(temperature.toNumpy(np), 3)
  return { rows: Number(np.count_nonzero(isWarm)), readings: readings.get(isWarm, '10:15') }
}

if (import.meta.main) run(warmestReadings)
