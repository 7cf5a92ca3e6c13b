import { NumPackError } from '../../format/errors.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import type { ArrayReader } from '../read/reader.ts'
import { checkNotTorn } from './bitmap.ts'
import type { Writing } from './transaction.ts'

/** An array that is there and can be changed. */
export interface Target {
  readonly record: ArrayRecord
  readonly reader: ArrayReader
}

/** Throws `NOT_FOUND`, or why the array is damaged. */
export function targetOf({ store }: Writing, name: string): Target {
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

/** Throws `DTYPE` or `SHAPE` unless rows of one kind fit into an array. */
export function checkFits(
  { reader }: Pick<Target, 'reader'>,
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
