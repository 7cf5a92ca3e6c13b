import { NDArray, NumPack } from 'numpack'
import { run } from './run.ts'

export function changeArrays(path: string): { shape: readonly number[]; row: number[]; labels: number[] } {
  const floats = Float32Array.from({ length: 8000 }, (_, i) => i)
  const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 10)

  using npk = NumPack.open(path) // creates it if it does not exist
  npk.save({ features: NDArray.from(floats, { shape: [1000, 8] }), labels })
  npk.append({ features: [[1, 2, 3, 4, 5, 6, 7, 8]], labels: [7] })
  npk.replace({ labels: [1, 2] }, [0, 1])
  npk.drop(['features', 'labels'], [0, 5, 9]) // marks rows as deleted; npk.restore() reverts it
  npk.writableBatchMode(wb => wb.load('features').imul(2).set(':5', 0)) // in place, in bounded memory
  npk.update('features') // rewrites the array without its deleted rows

  return {
    shape: npk.getShape('features'),
    row: npk.load('features').get(5, ':').toList() as number[],
    labels: npk.load('labels').get(':4').toList() as number[],
  }
}

if (import.meta.main) run(folder => changeArrays(`${folder}/data.npk`))
