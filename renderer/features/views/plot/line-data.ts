/** Numbers per bucket in results of `lines` tasks: its extremes and their positions. */
export const FIELDS = 4

/** Buckets of one line: bucket `first + i` has the fields from 4 i on; NaN when nothing finite is known. */
export interface Buckets {
  readonly width: number
  readonly first: number
  readonly fields: Float64Array
}

export type LinePoint = [position: number, value: number]

/** Returns the points between two positions: each bucket's extremes in order, and NaN where nothing is known. */
function pointsBetween({ width, first, fields }: Buckets, start: number, stop: number): LinePoint[] {
  const points: LinePoint[] = []
  for (let at = 0; at < fields.length; at += FIELDS) {
    const bucketStart = (first + at / FIELDS) * width
    if (bucketStart + width <= start || bucketStart >= stop) continue
    const [low, high, lowAt, highAt] = fields.subarray(at, at + FIELDS) as unknown as [number, number, number, number]
    if (low !== low) {
      points.push([bucketStart, NaN])
      continue
    }
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
