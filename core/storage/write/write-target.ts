import { NumPackError } from '../../format/errors.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import type { ArrayReader } from '../read/reader.ts'
import { checkNotTorn } from './bitmap.ts'
import type { Writing } from './transaction.ts'

/** An existing array to be written to. */
export interface WriteTarget {
  readonly record: ArrayRecord
  readonly reader: ArrayReader
}

/** Finds an array to write to. Throws `NOT_FOUND`, why the array is damaged, or `SHAPE` for a 0-D array. */
export function findWriteTarget({ store }: Writing, name: string): WriteTarget {
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

/** Throws `DTYPE` or `SHAPE` unless rows of this dtype and shape fit into an array. */
export function checkRowsFit(
  { reader }: Pick<WriteTarget, 'reader'>,
  values: { readonly dtype: string; readonly shape: readonly number[] },
  what: string,
): void {
  const { name, dtype, shape } = reader
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
