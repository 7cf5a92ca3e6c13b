import { type NDArray, NumPack, slice } from 'numpack'

/** Inspects a store without loading it: `node core/examples/reading.ts assets/sample.npk`. */
export function describeEmbeddings(path: string): { shape: readonly number[]; corner: NDArray; mean: number } {
  using npk = NumPack.open(path, { readOnly: true })
  const embeddings = npk.load('embeddings', { lazy: true })
  const corner = embeddings.get(slice(0, 2), [0, 5, 10])

  let sum = 0
  for (const batch of npk.streamLoad('embeddings', 1000)) {
    for (const value of batch.data as Float32Array) sum += value
  }
  return { shape: embeddings.shape, corner, mean: sum / embeddings.size }
}

if (import.meta.main) console.log(describeEmbeddings(process.argv[2] ?? 'assets/sample.npk'))
