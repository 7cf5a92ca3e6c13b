import type { Value, Values } from '../../../../core/format/values.ts'

/** Numbers per bucket in results of `lines` tasks: its extremes and their positions. */
export const FIELDS = 4

/** Buckets of one line: bucket `first + i` has the fields from 4 i on; positions are NaN when nothing finite is known. */
export interface Buckets {
  readonly width: number
  readonly first: number
  readonly fields: Float64Array
  /** The same fields as values of the array's dtype, for the extremes. */
  readonly values: Values
}

export type LinePoint = [position: number, value: Value]

const isGap = (point: LinePoint | undefined): boolean => point === undefined || Number.isNaN(point[1])

/** Whether a point has no neighbour that a line could join it to. */
export const isLone = (points: readonly LinePoint[], at: number): boolean =>
  !isGap(points[at]) && isGap(points[at - 1]) && isGap(points[at + 1])

/** Returns the points between two positions: each bucket's extremes in order, and NaN where nothing is known. */
function pointsBetween({ width, first, fields, values }: Buckets, start: number, stop: number): LinePoint[] {
  const points: LinePoint[] = []
  for (let at = 0; at < fields.length; at += FIELDS) {
    const bucketStart = (first + at / FIELDS) * width
    if (bucketStart + width <= start || bucketStart >= stop) continue
    const [lowAt, highAt] = [fields[at + 2]!, fields[at + 3]!]
    if (Number.isNaN(lowAt)) {
      points.push([bucketStart, NaN])
      continue
    }
    const [low, high] = [values[at]!, values[at + 1]!]
    const early: LinePoint = lowAt <= highAt ? [lowAt, low] : [highAt, high]
    const late: LinePoint = lowAt <= highAt ? [highAt, high] : [lowAt, low]
    if (early[0] >= start && early[0] < stop) points.push(early)
    if (late[0] !== early[0] && late[0] >= start && late[0] < stop) points.push(late)
  }
  return points
}

export function pointsOf(coarse: Buckets, detail: Buckets | null): LinePoint[] {
  if (detail === null) return pointsBetween(coarse, -Infinity, Infinity)
  const start = detail.first * detail.width
  const stop = start + (detail.fields.length / FIELDS) * detail.width
  return [
    ...pointsBetween(coarse, -Infinity, start),
    ...pointsBetween(detail, start, stop),
    ...pointsBetween(coarse, stop, Infinity),
  ]
}

/** Returns the least bucket width that covers a range with at most `most` buckets. */
export const bucketWidth = ([start, stop]: readonly [number, number], most: number): number =>
  Math.max(1, Math.ceil((stop - start) / most))
