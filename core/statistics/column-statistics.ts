import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { sizeOf } from '../array/indexing.ts'
import { progressMeter } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { shiftsOf } from './shifts.ts'
import { watchFiles } from './file-changes.ts'
import { type ColumnStatistics, summarizeColumns, complexColumnStatistics } from './column-summary.ts'
import type { ScanResult } from './scan-result.ts'
import { realDType } from './accumulators/sort-keys.ts'
import { checkStatisticsOptions, progressWith, type StatisticsOptions } from './statistics-options.ts'
import { type Region, regionBytes, regionOf } from './region.ts'
import { scan } from './scan.ts'

/**
 * Computes statistics per column or, over all axes but the last, per channel. Rejects with `ARGUMENT`, `INDEX`,
 * `SHAPE`, `ABORTED`, `CHANGED_ON_DISK` or `IO`.
 */
export async function columnStatisticsOf(
  reader: ArrayReader,
  options: StatisticsOptions<ColumnStatistics>,
): Promise<ColumnStatistics> {
  checkStatisticsOptions(options)
  const whole = regionOf(reader, options)
  const shape = statisticsShape(reader, whole, options.axis ?? 0)
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
  const component = shiftsOf(reader, region, columns)
  const shifts = reader.dtype.startsWith('complex') ? [component, component] : [component]
  const figures = (result: ScanResult, partial: boolean): ColumnStatistics =>
    summarizeScanResult(reader, region, shape, shifts, result, partial)
  const found = await scan(
    reader,
    region,
    { kind: 'columns', shifts },
    {
      ...options,
      sample: options.onProgress !== undefined,
      onResult: (result, bytesDone) => {
        options.onProgress?.(progressWith(meter(bytesDone, bytes), () => figures(result(), true)))
      },
    },
  )
  files.check()
  const result = figures(found, false)
  options.onProgress?.(progressWith(meter(bytes, bytes), () => result))
  return result
}

/** Returns the shape of the remaining axes. Throws `ARGUMENT` or `SHAPE` for axes that are not supported. */
function statisticsShape({ shape }: ArrayReader, { rowShape }: Region, axis: 0 | readonly number[]): readonly number[] {
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

function summarizeScanResult(
  reader: ArrayReader,
  region: Region,
  shape: readonly number[],
  shifts: readonly Float64Array[],
  result: ScanResult,
  partial: boolean,
): ColumnStatistics {
  const accumulators = result.kind === 'columns' ? result.columns : []
  const rowOf = (at: number): number => region.position + Math.floor(at / region.width)
  const [first, second] = accumulators.map((accumulator, i) =>
    summarizeColumns(realDType(reader.dtype), accumulator, shifts[i] as Float64Array, { shape, partial, rowOf }),
  ) as [ColumnStatistics, ColumnStatistics | undefined]
  return second === undefined ? first : complexColumnStatistics(reader.dtype, first, second)
}
