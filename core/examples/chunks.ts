import { type NDArray, NumPack, slice } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

const CHUNK_BYTES = 2 ** 20

/** The k rows nearest to a query. With a chunk size in bytes, narrow and wide arrays take the same memory. */
export function nearestRows(folder: string, k = 5): { row: number; distance: number }[] {
  using npk = NumPack.open(`${folder}/embeddings.npk`)
  npk.save({ embeddings: normal(6000, 64) })

  const embeddings = npk.load('embeddings', { lazy: true })
  using query = embeddings.get(slice(42, 43)).toNumpy(np)
  const rowsPerChunk = Math.max(1, Math.floor(CHUNK_BYTES / (embeddings.nbytes / embeddings.length)))
  // One buffer for all chunks: reading allocates nothing.
  let buffer: NDArray | undefined
  let nearest: { row: number; distance: number }[] = []
  for (let first = 0; first < embeddings.length; first += rowsPerChunk) {
    const rows = slice(first, first + rowsPerChunk)
    const isWhole = first + rowsPerChunk <= embeddings.length
    const chunk = buffer !== undefined && isWhole ? embeddings.getInto(buffer, rows) : embeddings.get(rows)
    buffer ??= chunk

    using values = chunk.toNumpy(np)
    using differences = np.subtract(values, query)
    using squared = np.square(differences)
    const distances = np.sqrt(np.sum(squared, 1) as np.NDArray)
    const candidates = [...distances.data].map((distance, i) => ({ row: first + i, distance: Number(distance) }))
    nearest = [...nearest, ...candidates].sort((a, b) => a.distance - b.distance).slice(0, k)
  }
  return nearest
}

if (import.meta.main) run(nearestRows)
