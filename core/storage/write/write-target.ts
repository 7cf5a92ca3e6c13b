import { NumPackError } from '../../format/errors.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import { type ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayReader } from '../read/reader.ts'
import { checkNotTorn } from './bitmap.ts'
import { toNDArray } from './input.ts'
import { countOf, resolveRows, type RowSelection } from './rows.ts'
import type { Writing } from './transaction.ts'

export interface WriteTarget {
  readonly record: ArrayRecord
  readonly reader: ArrayReader
}

export function findWriteTarget({ store }: Pick<Writing, 'store'>, name: string): WriteTarget {
  const reader = store.reader(name)
  const record = store.record(name)
  checkNotTorn(reader, store.get(name)?.warnings ?? [])
  if (reader.shape.length === 0) {
    throw new NumPackError('SHAPE', `array '${name}' is 0-D: it has no rows to change. Save it with one axis.`, {
      array: name,
    })
  }
  return { record, reader }
}

/** Throws `DTYPE` or `SHAPE` unless such rows fit into the array. */
export function checkRowsFit(
  { name, dtype, shape }: ArrayReader,
  values: { readonly dtype: string; readonly shape: readonly number[] },
  what: string,
): void {
  if (values.dtype !== dtype) {
    throw new NumPackError('DTYPE', `${what} '${name}': it holds ${dtype}, the new rows are ${values.dtype}.`, {
      array: name,
      dtype,
      given: values.dtype,
    })
  }
  const fits = values.shape.length === shape.length && values.shape.every((length, i) => i === 0 || length === shape[i])
  if (fits) return
  throw new NumPackError(
    'SHAPE',
    `${what} '${name}': its rows have shape (${shape.slice(1).join(', ')}), the new ones come in (${values.shape.join(', ')}).`,
    { array: name, shape, given: values.shape },
  )
}

/** A single row (an integer) may come without the row axis. Throws `INDEX`, `ARGUMENT`, `DTYPE` or `SHAPE`. */
export function resolveReplacement(
  reader: ArrayReader,
  value: ArrayLike,
  rows: RowSelection,
): { indexer: ReturnType<typeof resolveRows>; values: NDArray } {
  const { name, dtype, activeRows, shape } = reader
  const indexer = resolveRows(rows, activeRows)
  const count = countOf(indexer)
  const given = toNDArray(value, dtype)
  const isOneRow = indexer.kind === 'integer' && given.ndim === shape.length - 1
  const values = isOneRow ? new NDArray(given.dtype, [1, ...given.shape], given.data) : given
  checkRowsFit(reader, values, 'Rows of')
  if (values.length === count) return { indexer, values }
  throw new NumPackError('SHAPE', `Rows of '${name}': ${count} rows are named, ${values.length} values were given.`, {
    array: name,
    rows: count,
    given: values.length,
  })
}
