import { NumPackError } from '../format/errors.ts'
import { openPackedStore } from '../packages/opened-package.ts'
import { LazyArray } from '../storage/lazy-array.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openStore } from '../storage/read/store.ts'
import { isFolder } from '../system/make-folders.ts'

/** An array as `numpack ls` lists it. */
export interface ListedArray {
  readonly name: string
  /** null if it is unknown. */
  readonly dtype: string | null
  /** Without the deleted rows. */
  readonly shape: readonly number[]
  readonly deletedRows: number
  /** Bytes of its data; in a package, after unpacking. */
  readonly sizeBytes: number
  /** Why it can't be read, or null. */
  readonly damaged: string | null
}

/** A store or a package, open for reading. */
export interface ArraySource extends Disposable {
  /** Sorted by name, damaged ones included. */
  readonly arrays: readonly ListedArray[]
  /** Throws `NOT_FOUND`, or why the array is damaged. */
  load(name: string): LazyArray
}

/** Opens a store or a package. Rejects as `NumPack.open` and `openPackage`. */
export const openArraySource = async (path: string, signal?: AbortSignal): Promise<ArraySource> =>
  isFolder(path) ? storeSource(path) : await packageSource(path, signal)

function storeSource(path: string): ArraySource {
  const store = openStore(path, { readOnly: true })
  return {
    arrays: store.arrays.map(({ name, dtype, shape, deletedRows, sizeBytes, damaged }) => {
      return { name, dtype, shape, deletedRows, sizeBytes, damaged }
    }),
    load: name => lazyArray(store.reader(name)),
    [Symbol.dispose]: () => store.close(),
  }
}

async function packageSource(path: string, signal: AbortSignal | undefined): Promise<ArraySource> {
  const opened = await openPackedStore(path, { signal })
  return {
    arrays: opened.describe().map(({ record: { name, dtype, shape, sizeBytes }, reader, damaged }) => {
      const deletedRows = reader === null ? 0 : reader.physicalRows - reader.activeRows
      return { name, dtype, shape: reader?.shape ?? shape, deletedRows, sizeBytes, damaged }
    }),
    load: name => lazyArray(opened.reader(name)),
    [Symbol.dispose]: () => opened.close(),
  }
}

const lazyArray = (reader: ArrayReader): LazyArray => new LazyArray(reader, () => {})

/** The name that a user gave, or that of the only array. Throws `ARGUMENT` for none of several. */
export function chooseArray(path: string, { arrays }: ArraySource, given: string | undefined): string {
  const [first, ...others] = arrays
  if (given !== undefined) return given
  if (first !== undefined && others.length === 0) return first.name
  if (first === undefined) throw new NumPackError('NOT_FOUND', `${path} has no arrays.`, { path })
  const few = arrays.slice(0, MOST_NAMED).map(({ name }) => `'${name}'`)
  const more = arrays.length > few.length ? ', …' : ''
  throw new NumPackError(
    'ARGUMENT',
    `${path} has ${arrays.length} arrays. Name one of them: ${few.join(', ')}${more}.`,
    {
      path,
    },
  )
}

const MOST_NAMED = 10
