import { LIMITS } from '../../format/limits.ts'

/** Runs up to this many bytes apart are read together. */
const LARGEST_GAP = 4096
/** Bytes read together, unless a single run is longer. Bounds what `LIMITS.writeLogOldReads` reads can amount to. */
const BYTES_AT_ONCE = 2 ** 15

/** Runs of bytes in an array, ascending without overlap. */
export interface RunPositions {
  readonly positions: Float64Array
  readonly lengths: Float64Array
}

export const endOfRun = ({ positions, lengths }: RunPositions, run: number): number =>
  (positions[run] as number) + (lengths[run] as number)

/** Returns the first run that is not read together with run `first`. */
export function endOfGroup(runs: RunPositions, first: number): number {
  const { positions } = runs
  const start = positions[first] as number
  let stop = first + 1
  while (
    stop < positions.length &&
    (positions[stop] as number) - endOfRun(runs, stop - 1) <= LARGEST_GAP &&
    endOfRun(runs, stop) - start <= BYTES_AT_ONCE
  ) {
    stop++
  }
  return stop
}

/** Whether the runs of a write log are few enough to compare their bytes on disk with the old ones. */
export function areComparable(arrays: readonly (RunPositions & { readonly data: Uint8Array })[]): boolean {
  let runs = 0
  let bytes = 0
  for (const { positions, data } of arrays) {
    runs += positions.length
    bytes += data.length
  }
  if (runs > LIMITS.writeLogOldRuns || bytes > LIMITS.writeLogOldBytes) return false
  let reads = 0
  for (const array of arrays) {
    for (let run = 0; run < array.positions.length; run = endOfGroup(array, run)) {
      if (++reads > LIMITS.writeLogOldReads) return false
    }
  }
  return true
}
