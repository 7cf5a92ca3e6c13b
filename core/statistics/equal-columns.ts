import type { ArrayReader } from '../storage/read/reader.ts'
import type { ColumnStatistics } from './column-figures.ts'
import type { StatisticsOptions } from './options.ts'
import { regionOf, type Selection } from './region.ts'
import { scan } from './run.ts'

type EqualOptions = Selection & Pick<StatisticsOptions<never>, 'workers' | 'signal'>

/**
 * For each column the first one that has the same elements, bit for bit, in the same rows: its own number for most.
 * `figures` are the columns' own (`axis` 0, same selection). Only columns that share all figures with another are looked
 * at again; those count as equal that share fingerprints too (`ColumnPrints` says how sure that is). Constant columns and
 * those without a finite element are not compared: their figures say all. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`.
 */
export async function equalColumns(
  reader: ArrayReader,
  figures: ColumnStatistics,
  { workers, signal, ...selection }: EqualOptions,
): Promise<Int32Array> {
  const firsts = Int32Array.from({ length: figures.count.size }, (_, column) => column)
  const compared = firsts.filter(column => varies(figures, column))
  const groups = grouped(compared, column => figuresKey(figures, column)).filter(group => group.length > 1)
  if (groups.length === 0) return firsts
  const columns = Int32Array.from(groups.flat()).sort()
  const findings = await scan(
    reader,
    regionOf(reader, selection),
    { kind: 'prints', columns },
    { workers, signal, sample: false, onFindings: () => {} },
  )
  const prints = findings.kind === 'prints' ? findings.prints : new Uint32Array(0)
  const printOf = new Map(Array.from(columns, (column, i) => [column, `${prints[2 * i]} ${prints[2 * i + 1]}`]))
  for (const group of groups) {
    for (const [first = 0, ...others] of grouped(group, column => printOf.get(column) as string)) {
      for (const column of others) firsts[column] = first
    }
  }
  return firsts
}

/** Whether a column has finite elements, not all of them the same or not all finite. */
function varies({ count, finite, min, max, magnitude, phase }: ColumnStatistics, column: number): boolean {
  if (magnitude !== null && phase !== null) return varies(magnitude, column) || varies(phase, column)
  if (finite.data[column] === 0) return false
  return finite.data[column] !== count.data[column] || min.data[column] !== max.data[column]
}

/** What equal columns have in common, whatever part of them was read in which order. */
function figuresKey(figures: ColumnStatistics, column: number): string {
  const { nan, positiveInfinity, negativeInfinity, zeros, min, max, minAt, maxAt, magnitude, phase } = figures
  const own = [nan, positiveInfinity, negativeInfinity, zeros, min, max, minAt, maxAt].map(({ data }) => data[column])
  const parts = [magnitude, phase].map(part => (part === null ? '' : figuresKey(part, column)))
  return [...own, ...parts].join(' ')
}

/** Columns that share a key, in the order in which the keys are met. */
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
