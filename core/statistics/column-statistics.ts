import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { sizeOf } from '../array/indexing.ts'
import { progressMeter } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { centersOf } from './centers.ts'
import { watchFiles } from './changes.ts'
import { type ColumnStatistics, columnFiguresOf, complexColumnFigures } from './column-figures.ts'
import type { Findings } from './findings.ts'
import { realDType } from './accumulators/keys.ts'
import { checkStatisticsOptions, progressWith, type StatisticsOptions } from './options.ts'
import { type Region, regionBytes, regionOf } from './region.ts'
import { scan } from './run.ts'

/**
 * Figures of each column, or (over all axes but the last) of each channel. Rejects with `ARGUMENT`, `INDEX`, `SHAPE`,
 * `ABORTED`, `CHANGED_ON_DISK` or `IO`.
 */
export async function columnStatisticsOf(
  reader: ArrayReader,
  options: StatisticsOptions<ColumnStatistics>,
): Promise<ColumnStatistics> {
  checkStatisticsOptions(options)
  const whole = regionOf(reader, options)
  const shape = figuresShape(reader, whole, options.axis ?? 0)
  const columns = sizeOf(shape)
  if (columns > LIMITS.columns) {
    throw new NumPackError(
      'ARGUMENT',
      `statistics: ${columns} columns are asked for; at most ${LIMITS.columns} are possible at once. Choose some with the option columns: [start, stop].`,
      { columns, limit: LIMITS.columns },
    )
  }
  const region = { ...whole, grain: Math.max(1, columns) }
  const bytes = regionBytes(reader, region)
  const files = watchFiles(reader)
  const meter = progressMeter()
  const component = centersOf(reader, region, columns)
  const centers = reader.dtype.startsWith('complex') ? [component, component] : [component]
  const figures = (findings: Findings, partial: boolean): ColumnStatistics =>
    figuresOfFindings(reader, region, shape, centers, findings, partial)
  const found = await scan(
    reader,
    region,
    { kind: 'columns', centers },
    {
      ...options,
      sample: options.onProgress !== undefined,
      onFindings: (findings, bytesDone) => {
        options.onProgress?.(progressWith(meter(bytesDone, bytes), () => figures(findings(), true)))
      },
    },
  )
  files.check()
  const result = figures(found, false)
  options.onProgress?.(progressWith(meter(bytes, bytes), () => result))
  return result
}

/** The axes that are left. Throws `ARGUMENT` or `SHAPE` for axes that figures can't be taken along. */
function figuresShape({ shape }: ArrayReader, { rowShape }: Region, axis: 0 | readonly number[]): readonly number[] {
  if (shape.length === 0) throw new NumPackError('SHAPE', 'statistics: a 0-D array has no axes')
  const axes = typeof axis === 'number' ? [axis] : axis
  const isPrefix = axes.every((value, i) => value === i)
  if (isPrefix && axes.length === 1) return rowShape
  if (isPrefix && axes.length === shape.length - 1) return rowShape.slice(-1)
  const all = Array.from({ length: shape.length - 1 }, (_, i) => i).join(', ')
  throw new NumPackError(
    'ARGUMENT',
    `statistics: axis is null, 0 or [${all}] for this array, not ${JSON.stringify(axis)}`,
  )
}

function figuresOfFindings(
  reader: ArrayReader,
  region: Region,
  shape: readonly number[],
  centers: readonly Float64Array[],
  findings: Findings,
  partial: boolean,
): ColumnStatistics {
  const tallies = findings.kind === 'columns' ? findings.columns : []
  const rowOf = (at: number): number => region.position + Math.floor(at / region.width)
  const [first, second] = tallies.map((tally, i) =>
    columnFiguresOf(realDType(reader.dtype), tally, centers[i] as Float64Array, { shape, partial, rowOf }),
  ) as [ColumnStatistics, ColumnStatistics | undefined]
  return second === undefined ? first : complexColumnFigures(reader.dtype, first, second)
}
