import { decodeBlock } from '../../core/explorer/contract/block-codec.ts'
import type { ArrayInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { countRows, rowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { DType } from '../../core/format/dtype.ts'
import { itemsize } from '../../core/format/dtype.ts'
import { formatParsable, kindOfElement, viewOf } from '../../core/format/text.ts'
import type { Bridge } from '../bridge/bridge.ts'
import { type CellFormat, cellText, formatFor } from './cell-format.ts'
import { shadedNumber } from './shade.ts'
import type { GridSource } from './grid-types.ts'

/**
 * Creates a source that reads from a host. The last axis gives the columns (one for a 1-D array); `index` fixes the
 * middle axes. Copied text has full precision, whatever format is `wanted`. `array.dtype` must not be null.
 */
export function createArraySource(
  bridge: Bridge,
  store: number,
  array: ArrayInfo,
  rowSet: RowSetName,
  index: readonly number[],
  wanted: CellFormat = 'auto',
): GridSource {
  const dtype: DType | null = array.dtype
  if (dtype === null) throw new TypeError(`the array ${array.name} has no dtype that could be shown`)
  const format = formatFor(dtype, wanted)
  const where = { store, array: array.name, rowSet, index: [...index] }
  return {
    key: JSON.stringify([store, array.name, rowSet, index]),
    layoutKey: JSON.stringify([store, array.name, format]),
    generation: array.generation,
    dtype,
    rows: countRows(array, rowSet),
    columns: array.shape.length === 0 ? 0 : array.shape.length === 1 ? 1 : (array.shape.at(-1) ?? 0),
    rowSet: rowSetFacts(rowSet),
    physicalRows: array.physicalShape[0] ?? 0,
    deletedRows: array.deletedRows,
    async read(rows, columns, signal) {
      const { result, bytes } = await bridge.request(
        'readWindow',
        { ...where, rows: [...rows], columns: [...columns] },
        { signal },
      )
      const { elements, rowNumbers } = decodeBlock(result, bytes)
      return {
        rows: result.rows,
        columns: result.columns,
        data: viewOf(result.dtype, bytes, 0, elements.length / itemsize(result.dtype)),
        rowNumbers,
        generation: result.generation,
      }
    },
    async deletionMap(buckets, signal) {
      const { result } = await bridge.request('deletionMap', { store, array: array.name, buckets }, { signal })
      return result.shares
    },
    cellKind: (data, at) => kindOfElement(dtype, data, at),
    shadedNumber: (data, at) => shadedNumber(dtype, data, at),
    cellText: (data, at) => cellText(dtype, format, data, at),
    copyText: (data, at) => formatParsable(dtype, data, at),
  }
}
