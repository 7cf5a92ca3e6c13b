import type { ArrayReader } from '../storage/read/reader.ts'
import type { ColumnStatistics } from './column-summary.ts'
import type { StatisticsOptions } from './statistics-options.ts'
import { regionOf, type Selection } from './region.ts'
import { scan } from './scan.ts'

type EqualOptions = Selection & Pick<StatisticsOptions<never>, 'workers' | 'defaultWorkers' | 'signal'>

/**
 * Finds, for each column, the first column with the same bits in every row; for most that is the column itself.
 * `figures` are the column statistics of the same selection (`axis` 0). Only columns whose statistics are identical are
 * read again; those with equal hashes (see `ColumnHashes`) count as equal. Constant columns and columns without finite
 * elements are not compared: their statistics already tell. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`.
 */
export async function equalColumns(
  reader: ArrayReader,
  figures: ColumnStatistics,
  { workers, defaultWorkers, signal, ...selection }: EqualOptions,
): Promise<Int32Array> {
  const firsts = Int32Array.from({ length: figures.count.size }, (_, column) => column)
  const compared = firsts.filter(column => varies(figures, column))
  const groups = grouped(compared, column => statisticsKey(figures, column)).filter(group => group.length > 1)
  if (groups.length === 0) return firsts
  const columns = Int32Array.from(groups.flat()).sort()
  const result = await scan(
    reader,
    regionOf(reader, selection),
    { kind: 'hashes', columns },
    { workers, defaultWorkers, signal, sample: false, onResult: () => {} },
  )
  const hashes = result.kind === 'hashes' ? result.hashes : new Uint32Array(0)
  const hashOf = new Map(Array.from(columns, (column, i) => [column, `${hashes[2 * i]} ${hashes[2 * i + 1]}`]))
  for (const group of groups) {
    for (const [first = 0, ...others] of grouped(group, column => hashOf.get(column) as string)) {
      for (const column of others) firsts[column] = first
    }
  }
  return firsts
}

/** Whether a column has finite elements and is not constant. */
function varies({ count, finite, min, max, magnitude, phase }: ColumnStatistics, column: number): boolean {
  if (magnitude !== null && phase !== null) return varies(magnitude, column) || varies(phase, column)
  if (finite.data[column] === 0) return false
  return finite.data[column] !== count.data[column] || min.data[column] !== max.data[column]
}

/** Returns the statistics that equal columns share, whatever part of them was read in which order. */
function statisticsKey(figures: ColumnStatistics, column: number): string {
  const { nan, positiveInfinity, negativeInfinity, zeros, min, max, minAt, maxAt, magnitude, phase } = figures
  const own = [nan, positiveInfinity, negativeInfinity, zeros, min, max, minAt, maxAt].map(({ data }) => data[column])
  const parts = [magnitude, phase].map(part => (part === null ? '' : statisticsKey(part, column)))
  return [...own, ...parts].join(' ')
}

function grouped(columns: Iterable<number>, keyOf: (column: number) => string): number[][] {
  const groups = new Map<string, number[]>()
  for (const column of columns) {
    const key = keyOf(column)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [column])
    else group.push(column)
  }
  return [...groups.values()]
}
