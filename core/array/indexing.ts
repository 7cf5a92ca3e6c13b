import { NumPackError } from '../format/errors.ts'
import { listedLoop, type Loop, type Plan, stridedLoop } from './plan.ts'
import type { RowMap } from './rowmap.ts'
import type { Indexer } from './selection.ts'

export interface SelectionPlan {
  readonly shape: readonly number[]
  readonly plan: Plan
  /** The first loop is a range over the first axis and counts rows as the selection does. */
  readonly rangesOverRows: boolean
}

export function stridesOf(shape: readonly number[], unit: number): number[] {
  const strides = Array.from<number>({ length: shape.length })
  let stride = unit
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis] as number
  }
  return strides
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

interface PlanOptions {
  /** Maps rows of an integer or a list on the first axis to physical rows; null when they are equal. */
  readonly rowMap?: RowMap | null
  readonly resultStridesOf?: (shape: readonly number[]) => readonly number[]
}

/** Plans a selection on a C-order array; an element has `itemUnits` units. Throws `SHAPE` if lists can't broadcast. */
export function planSelection(
  indexers: readonly Indexer[],
  shape: readonly number[],
  itemUnits: number,
  { rowMap = null, resultStridesOf = result => stridesOf(result, itemUnits) }: PlanOptions = {},
): SelectionPlan {
  const result = resultShape(indexers)
  const resultStrides = resultStridesOf(result.shape)
  const strides = stridesOf(shape, itemUnits)
  const loops: Loop[] = []
  const lists: OffsetList[] = []
  let base = 0
  let listsAt = 0
  let axis = 0
  for (const indexer of indexers) {
    if (indexer.kind === 'separator') continue
    const stride = strides[axis] as number
    const map = axis === 0 ? rowMap : null
    if (indexer.kind === 'integer') base += (map?.selectActive(indexer.index) ?? indexer.index) * stride
    else if (indexer.kind === 'list') {
      if (lists.length === 0) listsAt = loops.length
      const values = map?.selectActiveAll(indexer.values) ?? indexer.values
      lists.push({ offsets: values.map(index => index * stride), shape: indexer.shape })
    } else {
      const resultAxis = loops.length < result.listAxis ? loops.length : loops.length + result.listShape.length
      loops.push(
        stridedLoop(indexer.count, indexer.start * stride, indexer.step * stride, resultStrides[resultAxis] as number),
      )
    }
    axis++
  }
  if (lists.length > 0) {
    const listStrides = resultStrides.slice(result.listAxis, result.listAxis + result.listShape.length)
    loops.splice(listsAt, 0, pairedLoop(lists, result.listShape, listStrides))
  }
  return {
    shape: result.shape,
    plan: { base, loops, blockUnits: itemUnits },
    rangesOverRows: indexers.find(indexer => indexer.kind !== 'separator')?.kind === 'range',
  }
}

interface ResultShape {
  readonly shape: readonly number[]
  /** First axis of the result that comes from the index lists. */
  readonly listAxis: number
  readonly listShape: readonly number[]
}

/** Beside a list, an integer is an index list without axes, so it counts when deciding whether lists are adjacent. */
const isIndex = (indexer: Indexer): boolean => indexer.kind === 'list' || indexer.kind === 'integer'

function resultShape(indexers: readonly Indexer[]): ResultShape {
  const lists = indexers.filter(indexer => indexer.kind === 'list')
  const ranges = indexers.filter(indexer => indexer.kind === 'range').map(range => range.count)
  if (lists.length === 0) return { shape: ranges, listAxis: ranges.length, listShape: [] }
  const listShape = lists.reduce<readonly number[]>((shape, list) => broadcastShapes(shape, list.shape), [])
  const first = indexers.findIndex(isIndex)
  const together = indexers.slice(first, indexers.findLastIndex(isIndex) + 1).every(isIndex)
  const listAxis = together ? indexers.slice(0, first).filter(indexer => indexer.kind === 'range').length : 0
  return { shape: [...ranges.slice(0, listAxis), ...listShape, ...ranges.slice(listAxis)], listAxis, listShape }
}

/** Returns the result's axis for a first entry that is a range or the only list, of one axis; else null. */
export function rowAxisOf(indexers: readonly Indexer[]): number | null {
  const rows = indexers.find(indexer => indexer.kind !== 'separator')
  if (rows?.kind === 'list') {
    return rows.shape.length === 1 && indexers.every(indexer => indexer === rows || indexer.kind !== 'list') ? 0 : null
  }
  if (rows?.kind !== 'range') return null
  const { listAxis, listShape } = resultShape(indexers)
  return listAxis === 0 ? listShape.length : 0
}

/** Broadcasts two shapes: axes are matched from the last, and those of length 1 stretch. Throws `SHAPE`. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const ndim = Math.max(a.length, b.length)
  return Array.from({ length: ndim }, (_, i) => {
    const x = a[a.length - ndim + i] ?? 1
    const y = b[b.length - ndim + i] ?? 1
    if (x !== y && x !== 1 && y !== 1) {
      throw new NumPackError('SHAPE', `shapes (${a.join(', ')}) and (${b.join(', ')}) can't be broadcast together`, {
        shapes: [a, b],
      })
    }
    return x === 1 ? y : x
  })
}

interface OffsetList {
  readonly offsets: Float64Array
  readonly shape: readonly number[]
}

function pairedLoop(lists: readonly OffsetList[], shape: readonly number[], resultStrides: readonly number[]): Loop {
  const resultStride = resultStrides.at(-1) ?? 0
  const evenly = resultStrides.every((stride, i) => stride === resultStride * sizeOf(shape.slice(i + 1)))
  const [only] = lists
  if (lists.length === 1 && only !== undefined && evenly) return listedLoop(only.offsets, resultStride)
  const offsets = new Float64Array(sizeOf(shape))
  for (const list of lists) addBroadcast(offsets, list.offsets, shape, broadcastStrides(list.shape, shape))
  if (evenly) return listedLoop(offsets, resultStride)
  const resultOffsets = new Float64Array(offsets.length)
  addBroadcast(resultOffsets, null, shape, resultStrides)
  return { ...listedLoop(offsets, 0), resultOffsets }
}

/** Returns the strides that read an array of shape `from` as one of shape `to`: 0 for stretched axes. */
export function broadcastStrides(from: readonly number[], to: readonly number[], unit = 1): number[] {
  const strides = stridesOf(from, unit)
  const missing = to.length - from.length
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : (strides[axis - missing] as number)))
}

function addBroadcast(
  sums: Float64Array,
  values: Float64Array | null,
  shape: readonly number[],
  strides: readonly number[],
): void {
  const index = shape.map(() => 0)
  let place = 0
  for (let i = 0; i < sums.length; i++) {
    sums[i] = (sums[i] as number) + (values === null ? place : (values[place] as number))
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1
      place += strides[axis] as number
      if (next < (shape[axis] as number)) {
        index[axis] = next
        break
      }
      place -= next * (strides[axis] as number)
      index[axis] = 0
    }
  }
}
