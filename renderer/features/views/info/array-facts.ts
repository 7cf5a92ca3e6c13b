import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { itemsize } from '../../../../core/format/dtype.ts'
import type { GridFact } from '../../../ui/fact-grid.tsx'
import { bytesText, count, countOf, exactTimeOfMicroseconds, percentText, shapeOrScalar } from '../../../ui/format.ts'

/** BigInt: an array may have more elements than a number counts exactly. */
const product = (numbers: readonly number[]): bigint => numbers.reduce((size, length) => size * BigInt(length), 1n)

export function arrayFacts(array: ArrayInfo): GridFact[] {
  const { dtype, shape, physicalShape, deletedRows, sizeBytes, segments, lastModified, damaged } = array
  const saved = lastModified > 0 ? [{ name: 'Saved', value: exactTimeOfMicroseconds(lastModified) }] : []
  const type = dtype === null ? 'unknown' : `${dtype}, ${countOf(itemsize(dtype), 'byte')} an element`
  const onDisk = { name: 'Shape on disk', value: shapeOrScalar(physicalShape) }
  // An unreadable array has neither been counted nor measured.
  if (damaged !== null || dtype === null) return [{ name: 'Type', value: type }, onDisk, ...saved]
  const [rows] = physicalShape
  return [
    { name: 'Type', value: type },
    { name: 'Shape', value: shapeOrScalar(shape) },
    onDisk,
    { name: 'Elements', value: count(product(shape)) },
    ...(rows === undefined
      ? []
      : [
          {
            name: 'Deleted rows',
            value: `${count(deletedRows)} of ${count(rows)} (${percentText(deletedRows, rows)})`,
          },
          { name: 'A row', value: bytesText(Number(product(physicalShape.slice(1))) * itemsize(dtype)) },
        ]),
    { name: 'Size on disk', value: bytesText(sizeBytes) },
    ...(segments > 0 ? [{ name: 'Segments', value: count(segments) }] : []),
    ...saved,
  ]
}
