import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { itemsize } from '../../../../core/format/dtype.ts'
import type { GridFact } from '../../../ui/fact-grid.tsx'
import {
  formatBytes,
  formatInteger,
  pluralize,
  formatMicroseconds,
  formatPercent,
  formatShapeOrScalar,
} from '../../../ui/format.ts'

/** BigInt: an array may have more elements than a number counts exactly. */
const product = (numbers: readonly number[]): bigint => numbers.reduce((size, length) => size * BigInt(length), 1n)

export function arrayFacts(array: ArrayInfo): GridFact[] {
  const { dtype, shape, physicalShape, deletedRows, sizeBytes, segments, lastModified, damaged } = array
  const saved = lastModified > 0 ? [{ name: 'Saved', value: formatMicroseconds(lastModified) }] : []
  const type = dtype === null ? 'unknown' : `${dtype}, ${pluralize(itemsize(dtype), 'byte')} an element`
  const onDisk = { name: 'Shape on disk', value: formatShapeOrScalar(physicalShape) }
  // An unreadable array has neither been counted nor measured.
  if (damaged !== null || dtype === null) return [{ name: 'Type', value: type }, onDisk, ...saved]
  const [rows] = physicalShape
  return [
    { name: 'Type', value: type },
    { name: 'Shape', value: formatShapeOrScalar(shape) },
    onDisk,
    { name: 'Elements', value: formatInteger(product(shape)) },
    ...(rows === undefined
      ? []
      : [
          {
            name: 'Deleted rows',
            value: `${formatInteger(deletedRows)} of ${formatInteger(rows)} (${formatPercent(deletedRows, rows)})`,
          },
          { name: 'A row', value: formatBytes(Number(product(physicalShape.slice(1))) * itemsize(dtype)) },
        ]),
    { name: 'Size on disk', value: formatBytes(sizeBytes) },
    ...(segments > 0 ? [{ name: 'Segments', value: formatInteger(segments) }] : []),
    ...saved,
  ]
}
