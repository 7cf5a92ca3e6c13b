import type { DType } from '../../format/dtype.ts'
import { type Values, viewFields } from '../../format/values.ts'

/** What is kept of each bucket of a line: its extremes, and at which positions they lie. */
const EXTREMES_FIELDS = 4

/**
 * The extremes of runs of values, for drawing a line with fewer points than it has values and no peak lost. Bucket b
 * holds the positions [b * width, (b + 1) * width). Values that are not finite are left out; where a bucket has none that
 * is, its four fields are NaN.
 */
export class Extremes {
  readonly width: number
  readonly firstBucket: number
  /**
   * For each bucket: minimum, maximum, position of the first minimum, position of the first maximum. The extremes of
   * 64-bit integers have their dtype, in the same 8 bytes.
   */
  readonly fields: Float64Array
  readonly #extremes: Values

  /** Room for the positions [start, stop). */
  constructor(dtype: DType, width: number, start: number, stop: number) {
    this.width = width
    this.firstBucket = Math.floor(start / width)
    const buckets = stop > start ? Math.floor((stop - 1) / width) + 1 - this.firstBucket : 0
    this.fields = new Float64Array(EXTREMES_FIELDS * buckets).fill(NaN)
    this.#extremes = viewFields(dtype, this.fields)
  }

  /** Takes in `count` values, `stride` apart from `offset` on, that lie at the positions from `position` on. */
  add(values: Values, offset: number, stride: number, count: number, position: number): void {
    const { width, fields } = this
    if (!(values instanceof Float64Array)) return this.#addIntegers(values, offset, stride, count, position)
    for (let done = 0; done < count; ) {
      const bucket = Math.floor((position + done) / width)
      const stop = Math.min(count, (bucket + 1) * width - position)
      const at = EXTREMES_FIELDS * (bucket - this.firstBucket)
      // Comparisons with NaN are false: an empty bucket starts from infinities.
      let low = fields[at] === fields[at] ? (fields[at] as number) : Infinity
      let high = fields[at + 1] === fields[at + 1] ? (fields[at + 1] as number) : -Infinity
      let lowAt = -1
      let highAt = -1
      for (; done < stop; done++) {
        const value = values[offset + done * stride] as number
        if (value < low && value !== -Infinity) {
          low = value
          lowAt = done
        }
        if (value > high && value !== Infinity) {
          high = value
          highAt = done
        }
      }
      if (lowAt >= 0) {
        fields[at] = low
        fields[at + 2] = position + lowAt
      }
      if (highAt >= 0) {
        fields[at + 1] = high
        fields[at + 3] = position + highAt
      }
    }
  }

  #addIntegers(
    values: BigInt64Array | BigUint64Array,
    offset: number,
    stride: number,
    count: number,
    position: number,
  ): void {
    const { width, fields } = this
    const extremes = this.#extremes
    for (let done = 0; done < count; done++) {
      const at = EXTREMES_FIELDS * (Math.floor((position + done) / width) - this.firstBucket)
      const value = values[offset + done * stride]!
      const isFirst = Number.isNaN(fields[at + 2])
      if (isFirst || value < extremes[at]!) {
        extremes[at] = value
        fields[at + 2] = position + done
      }
      if (isFirst || value > extremes[at + 1]!) {
        extremes[at + 1] = value
        fields[at + 3] = position + done
      }
    }
  }
}
