import { itemsize } from '../../../../core/format/dtype.ts'
import { differenceOf, extentOf, isFiniteValue, type Value, zerosFor } from '../../../../core/format/values.ts'
import type { Bridge } from '../../../bridge/bridge.ts'
import { readTask } from '../../../model/tasks.ts'
import { type Plane, type PlaneRequest, planeOf, type ReadPlane, sampleOf } from './plane.ts'
import type { Steps } from './viewport.ts'

/** Most elements that are all read for one picture: about a second. */
const MOST_ELEMENTS = 1 << 26

/** Elements that one task reads: few enough that the window stays quick. */
const ELEMENTS_AT_ONCE = 1 << 18

const sizeOf = ({ start, count, step }: Steps, size: number): number => Math.min(size, start + count * step) - start

/** Whether pixels of a plane stand for several elements that can all be read. */
export const canReadExtremes = ({ vertical, horizontal, picture, channels }: PlaneRequest): boolean =>
  channels === 1 &&
  vertical.count * horizontal.count > 0 &&
  vertical.step * horizontal.step > 1 &&
  vertical.step * horizontal.step <= ELEMENTS_AT_ONCE &&
  sizeOf(vertical, picture.height) * sizeOf(horizontal, picture.width) <= MOST_ELEMENTS

/**
 * Reads every element of a sampled plane. Each pixel becomes the finite element farthest from the mean of those that it
 * stands for, so that a single bright or dark one is visible. Rejects with a BridgeError.
 */
export async function readExtremes(
  bridge: Bridge,
  { plane: sample, request }: ReadPlane,
  signal: AbortSignal,
): Promise<Plane> {
  const { vertical, horizontal, picture } = request
  const pixels = sample.values.length
  const plane: Plane = {
    ...sample,
    bytes: new Uint8Array(sample.bytes.length),
    values: zerosFor(sample.dtype, pixels),
    extent: null,
    chosen: new Uint32Array(pixels),
  }
  const block = vertical.step * horizontal.step
  const columnsAtOnce = Math.min(horizontal.count, Math.max(1, Math.floor(ELEMENTS_AT_ONCE / block)))
  const rowsAtOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / (block * columnsAtOnce)))
  for (let row = 0; row < vertical.count; row += rowsAtOnce) {
    for (let column = 0; column < horizontal.count; column += columnsAtOnce) {
      const rows = within(vertical, row, rowsAtOnce, picture.height)
      const columns = within(horizontal, column, columnsAtOnce, picture.width)
      const part = { ...request, vertical: rows, horizontal: columns }
      const { result, bytes } = await readTask(bridge, sampleOf(part), signal)
      if (result.reading === null) throw new Error('a sample has a reading')
      const elements = planeOf(part, result.reading.dtype, bytes)
      plane.extent = extentOf([...(plane.extent ?? []), ...(elements.extent ?? [])])
      pool(plane, elements, row, column)
    }
  }
  return plane
}

/** All places of some of the steps. */
const within = ({ start, step }: Steps, from: number, count: number, size: number): Steps => {
  const first = start + from * step
  return { start: first, count: Math.min(size, first + count * step) - first, step: 1 }
}

/** Puts the elements that are chosen into the pixels from `row`, `column` on. */
function pool(plane: Plane, elements: Plane, row: number, column: number): void {
  const { vertical, horizontal, dtype } = plane
  const size = itemsize(dtype)
  const {
    vertical: { count: height },
    horizontal: { count: width },
  } = elements
  for (let top = 0; top < height; top += vertical.step) {
    for (let left = 0; left < width; left += horizontal.step) {
      const bottom = Math.min(height, top + vertical.step)
      const right = Math.min(width, left + horizontal.step)
      const at = farthest(elements, [top, bottom], [left, right])
      const pixel = (row + top / vertical.step) * horizontal.count + column + left / horizontal.step
      plane.values[pixel] = elements.values[at]!
      plane.bytes.set(elements.bytes.subarray(at * size, (at + 1) * size), pixel * size)
      const y = Math.floor(at / width) - top
      plane.chosen![pixel] = y * horizontal.step + ((at % width) - left)
    }
  }
}

/** Returns the index of the finite element farthest from the mean; of the first one where none is finite. */
function farthest(
  { values, horizontal: { count: width } }: Plane,
  rows: readonly [number, number],
  columns: readonly [number, number],
): number {
  const first = rows[0] * width + columns[0]
  let low: Value = Infinity
  let high: Value = -Infinity
  let [lowAt, highAt] = [-1, -1]
  let sum = 0
  let count = 0
  let base: Value | null = null
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let x = columns[0]; x < columns[1]; x++) {
      const value: Value = values[y * width + x]!
      if (!isFiniteValue(value)) continue
      base ??= value
      sum += differenceOf(value, base)
      count++
      if (value < low) [low, lowAt] = [value, y * width + x]
      if (value > high) [high, highAt] = [value, y * width + x]
    }
  }
  if (base === null) return first
  const mean = sum / count
  return mean - differenceOf(low, base) > differenceOf(high, base) - mean ? lowAt : highAt
}
