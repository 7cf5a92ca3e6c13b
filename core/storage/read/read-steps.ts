import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { readPlan } from './read-plan.ts'
import { stridesOf } from '../../array/indexing.ts'
import { listedLoop, type Loop, stridedLoop } from '../../array/plan.ts'
import type { RowSet } from '../../array/row-set.ts'
import type { ArrayReader } from './reader.ts'
import { unitBytesOf, unitsOf } from '../../array/units.ts'

export interface AxisSteps {
  readonly start: number
  readonly count: number
  readonly step: number
}

/** Reads evenly spaced elements in C order, over positions in the row set. Throws `INDEX` or `CHANGED_ON_DISK`. */
export function readSteps(reader: ArrayReader, rowSet: RowSet, axes: readonly AxisSteps[]): Uint8Array<ArrayBuffer> {
  reader.checkUnchanged()
  checkSteps(reader, rowSet.count, axes)
  const { dtype, physicalShape } = reader
  const unit = unitBytesOf(dtype)
  const itemUnits = itemsize(dtype) / unit
  const counts = axes.map(axis => axis.count)
  const strides = stridesOf(physicalShape, itemUnits)
  const resultStrides = stridesOf(counts, itemUnits)
  const loops = axes.map(({ start, count, step }, axis): Loop => {
    const stride = strides[axis] as number
    const resultStride = resultStrides[axis] as number
    if (axis > 0 || rowSet.isIdentity) return stridedLoop(count, start * stride, step * stride, resultStride)
    const offsets = Float64Array.from({ length: count }, (_, i) => rowSet.select(start + i * step) * stride)
    return listedLoop(offsets, resultStride)
  })
  const size = counts.reduce((product, count) => product * count, itemsize(dtype))
  const bytes = new Uint8Array(size)
  if (size > 0) readPlan(reader.source, { base: 0, loops, blockUnits: itemUnits }, unitsOf(bytes, unit))
  return bytes
}

function checkSteps({ physicalShape }: ArrayReader, rowCount: number, axes: readonly AxisSteps[]): void {
  if (axes.length !== physicalShape.length)
    throw new NumPackError('INDEX', `an array of ${physicalShape.length} axes needs as many steps, not ${axes.length}`)
  for (const [axis, { start, count, step }] of axes.entries()) {
    const size = axis === 0 ? rowCount : (physicalShape[axis] as number)
    const last = start + (count - 1) * step
    if (count > 0 && last >= size)
      throw new NumPackError('INDEX', `index ${last} is out of range for axis ${axis} with size ${size}`, {
        axis,
        index: last,
        size,
      })
  }
}
