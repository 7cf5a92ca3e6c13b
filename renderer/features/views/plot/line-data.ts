/** Numbers per bucket in replies of `readSeries`: its extremes and their positions. */
const FIELDS = 4

/** Buckets of one line: bucket `first + i` has the fields from 4 i on; NaN when nothing finite is known. */
export interface Buckets {
  readonly width: number
  readonly first: number
  readonly fields: Float64Array
}

export const emptyBuckets = (width: number, [start, stop]: readonly [number, number]): Buckets => {
  const first = Math.floor(start / width)
  return { width, first, fields: new Float64Array(FIELDS * Math.max(0, Math.ceil(stop / width) - first)).fill(NaN) }
}

/** Merges more extremes of the same line; a bucket that was partly known keeps the further extremes of both. */
export function mergeInto(buckets: Buckets, first: number, fields: Float64Array): void {
  const known = buckets.fields
  for (let from = 0; from < fields.length; from += FIELDS) {
    const to = from + FIELDS * (first - buckets.first)
    if (!(known[to]! <= fields[from]!)) {
      if (fields[from] === fields[from]) {
        known[to] = fields[from]!
        known[to + 2] = fields[from + 2]!
      }
    }
    if (!(known[to + 1]! >= fields[from + 1]!)) {
      if (fields[from + 1] === fields[from + 1]) {
        known[to + 1] = fields[from + 1]!
        known[to + 3] = fields[from + 3]!
      }
    }
  }
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
