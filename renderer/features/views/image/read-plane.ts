import type { Params } from '../../../../core/explorer/contract/types.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { itemsize } from '../../../../core/format/dtype.ts'
import { numbersOf, type Part } from '../../../../core/format/numbers.ts'
import type { Bridge } from '../../../bridge/bridge.ts'
import type { ImageAxes } from './axes.ts'
import type { Steps } from './viewport.ts'

export interface Plane {
  dtype: DType
  vertical: Steps
  horizontal: Steps
  channels: number
  /** The elements as they are stored, and as numbers to paint. */
  bytes: Uint8Array<ArrayBuffer>
  values: Float64Array
  generation: number
}

export interface PlaneRequest {
  where: Pick<Params<'readWindow'>, 'store' | 'array' | 'rowSet'>
  axes: ImageAxes
  /** One index per axis; those of the image's own axes are ignored. */
  index: readonly number[]
  vertical: Steps
  horizontal: Steps
  channels: number
  part: Part
}

export async function readPlane(bridge: Bridge, request: PlaneRequest, signal: AbortSignal): Promise<Plane> {
  const { vertical, horizontal, channels, part } = request
  const planes: Piece[] = []
  for (let channel = 0; channel < channels; channel++) planes.push(await readChannel(bridge, request, channel, signal))
  const { dtype, generation } = planes[0]!
  const bytes = joined(planes.map(plane => plane.bytes))
  return { dtype, vertical, horizontal, channels, bytes, values: numbersOf(dtype, bytes, part), generation }
}

interface Piece {
  dtype: DType
  generation: number
  bytes: Uint8Array<ArrayBuffer>
}

async function readChannel(
  bridge: Bridge,
  { where, axes, index, vertical, horizontal }: PlaneRequest,
  channel: number,
  signal: AbortSignal,
): Promise<Piece> {
  const all = index.map((at, axis) => {
    if (axis === axes.vertical) return vertical
    if (axis === axes.horizontal) return horizontal
    return { start: axis === axes.channels ? channel : at, count: 1, step: 1 }
  })
  const along = Math.min(axes.vertical, axes.horizontal)
  const steps = all[along]!
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const from = (done: number) =>
    all.with(along, { ...steps, start: steps.start + done * steps.step, count: steps.count - done })
  for (let done = 0; ; ) {
    const { result, bytes } = await bridge.request('readSteps', { ...where, along, axes: from(done) }, { signal })
    pieces.push(new Uint8Array(bytes))
    done += result.done
    if (done >= steps.count || result.done === 0) {
      const plane = joined(pieces)
      const { dtype, generation } = result
      return { dtype, generation, bytes: transposed(plane, axes, vertical, horizontal, itemsize(dtype)) }
    }
  }
}

/** Reorders elements to rows when the array has the image's columns before its rows. */
function transposed(
  bytes: Uint8Array<ArrayBuffer>,
  axes: ImageAxes,
  { count: rows }: Steps,
  { count: columns }: Steps,
  size: number,
): Uint8Array<ArrayBuffer> {
  if (axes.vertical < axes.horizontal) return bytes
  const out = new Uint8Array(bytes.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const from = (column * rows + row) * size
      out.set(bytes.subarray(from, from + size), (row * columns + column) * size)
    }
  return out
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0]!
  const out = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}

/** Returns the index of the plane's element for a point of the image; -1 when it has none. */
export function elementOf({ vertical, horizontal }: Plane, x: number, y: number): number {
  const row = Math.floor((y - vertical.start) / vertical.step)
  const column = Math.floor((x - horizontal.start) / horizontal.step)
  const inside = row >= 0 && column >= 0 && row < vertical.count && column < horizontal.count
  return inside ? row * horizontal.count + column : -1
}
