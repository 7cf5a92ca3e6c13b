import { NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

const CLASSES = 4

/** Streams two arrays in step. Rows are logical: drop the same rows from both. */
export function classMeans(folder: string): NDArray {
  using npk = NumPack.open(`${folder}/training.npk`)
  npk.save({
    features: normal(3000, 12),
    labels: Uint8Array.from({ length: 3000 }, (_, row) => row % CLASSES),
  })
  npk.drop(['features', 'labels'], '100:200')

  const sums = NDArray.zeros([CLASSES, 12])
  const counts = NDArray.zeros([CLASSES, 1])
  const labels = npk.streamLoad('labels', 512)
  for (const features of npk.streamLoad('features', 512)) {
    const { value: batchLabels } = labels.next()
    if (batchLabels?.length !== features.length) throw new Error('features and labels differ in length')
    for (let label = 0; label < CLASSES; label++) {
      const mask = np.equal(batchLabels.toNumpy(np), label)
      const rows = features.get(mask)
      using values = rows.toNumpy(np)
      const sum = np.add(sums.get([label]).toNumpy(np), np.sum(values, 0) as np.NDArray)
      sums.set([label, ':'], sum)
      counts.set([label, 0], Number(counts.get(label, 0)) + rows.length)
    }
  }
  return NDArray.from(np.divide(sums.toNumpy(np), counts.toNumpy(np)))
}

if (import.meta.main) run(classMeans)
