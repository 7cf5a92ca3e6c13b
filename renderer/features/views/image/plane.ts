import type { ArrayTaskParams } from '../../../../core/explorer/contract/types.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { itemsize } from '../../../../core/format/dtype.ts'
import { LIMITS } from '../../../../core/format/limits.ts'
import type { Part } from '../../../../core/format/numbers.ts'
import { extentOf, type Value, type Values, valuesOf } from '../../../../core/format/values.ts'
import type { ImageAxes } from './axes.ts'
import type { Steps } from './viewport.ts'

/** Elements of an image, channel by channel, each in rows. */
export interface Plane {
  dtype: DType
  vertical: Steps
  horizontal: Steps
  channels: number
  /** The elements as they are stored, and as numbers to paint. */
  bytes: Uint8Array<ArrayBuffer>
  values: Values
  /** Evenly spaced elements as numbers: `values`, unless these are extremes. */
  sampled: Values
  /** The smallest and the largest finite value that was read; null if no value is finite. */
  extent: readonly [low: Value, high: Value] | null
  /**
   * Of a plane whose pixels stand for several elements, the place of each pixel's element among them in reading order;
   * null where it is the first.
   */
  chosen: Uint32Array | null
}

export interface PlaneRequest {
  where: Omit<ArrayTaskParams<'sample'>, 'axes'>
  axes: ImageAxes
  /** One index per axis; those of the image's own axes are ignored. */
  index: readonly number[]
  vertical: Steps
  horizontal: Steps
  /** The whole image. */
  picture: { width: number; height: number }
  channels: number
  part: Part
}

/** A plane that was read for a request. */
export interface ReadPlane {
  plane: Plane
  request: PlaneRequest
}

/** Returns the task that reads an image. */
export const sampleOf = ({ where, axes, index, vertical, horizontal, channels }: PlaneRequest) =>
  ({
    kind: 'sample',
    params: {
      ...where,
      axes: index.map((at, axis) => {
        if (axis === axes.vertical) return vertical
        if (axis === axes.horizontal) return horizontal
        return axis === axes.channels ? { start: 0, count: channels, step: 1 } : { start: at, count: 1, step: 1 }
      }),
    },
  }) as const

/** Returns the image in the elements that its task read. */
export function planeOf(request: PlaneRequest, dtype: DType, elements: ArrayBuffer): Plane {
  const { vertical, horizontal, channels, part } = request
  const bytes = arranged(request, new Uint8Array(elements), itemsize(dtype))
  const values = valuesOf(dtype, bytes, part)
  return {
    dtype,
    vertical,
    horizontal,
    channels,
    bytes,
    values,
    sampled: values,
    extent: extentOf(values),
    chosen: null,
  }
}

/** Reorders elements from the order of the array's axes to channels, rows and columns. */
function arranged(request: PlaneRequest, bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const { axes, channels, vertical, horizontal } = request
  const counts = sampleOf(request).params.axes.map(({ count }) => count)
  const stride = (axis: number | null): number =>
    axis === null ? 0 : counts.slice(axis + 1).reduce((product, count) => product * count, 1)
  const [across, down, along] = [stride(axes.channels), stride(axes.vertical), stride(axes.horizontal)]
  if (along === 1 && down === horizontal.count && (channels === 1 || across === vertical.count * down)) return bytes
  const out = new Uint8Array(bytes.length)
  let to = 0
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < vertical.count; row++)
      for (let column = 0; column < horizontal.count; column++) {
        const from = (channel * across + row * down + column * along) * size
        for (let byte = 0; byte < size; byte++) out[to++] = bytes[from + byte]!
      }
  return out
}

/** Returns coarser steps where the elements would be more than one task reads. */
export function fitting<R extends Pick<PlaneRequest, 'vertical' | 'horizontal' | 'channels'>>(
  request: R,
  dtype: DType,
): R {
  const most = LIMITS.sampleBytes / itemsize(dtype) / request.channels
  const { vertical, horizontal } = request
  if (vertical.count * horizontal.count <= most) return request
  const isTall = vertical.count > horizontal.count
  const coarser = isTall ? { vertical: halved(vertical) } : { horizontal: halved(horizontal) }
  return fitting({ ...request, ...coarser }, dtype)
}

const halved = ({ start, count, step }: Steps): Steps => ({ start, count: Math.ceil(count / 2), step: 2 * step })

/** Returns the index of the plane's element for a point of the image; -1 when it has none. */
export function elementOf({ vertical, horizontal }: Plane, x: number, y: number): number {
  const row = Math.floor((y - vertical.start) / vertical.step)
  const column = Math.floor((x - horizontal.start) / horizontal.step)
  const inside = row >= 0 && column >= 0 && row < vertical.count && column < horizontal.count
  return inside ? row * horizontal.count + column : -1
}

/** Returns the row and the column of the plane's element `at` in the image. */
export function placeOf({ vertical, horizontal, chosen }: Plane, at: number): { row: number; column: number } {
  const row = vertical.start + Math.floor(at / horizontal.count) * vertical.step
  const column = horizontal.start + (at % horizontal.count) * horizontal.step
  const inside = chosen?.[at] ?? 0
  return { row: row + Math.floor(inside / horizontal.step), column: column + (inside % horizontal.step) }
}
