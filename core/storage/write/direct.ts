import { NumPackError } from '../../format/errors.ts'
import type { ArrayLike, NDArray } from '../../array/ndarray.ts'
import { type ArrayMetadata, describeArray } from '../read/describe.ts'
import type { ArrayInfo } from '../read/array.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { Store } from '../read/store.ts'
import { append } from './append.ts'
import { clone, compact } from './compact.ts'
import { drop } from './drop.ts'
import { remove, reset } from './remove.ts'
import { replace } from './replace.ts'
import type { RowSelection } from './rows.ts'
import { save } from './save.ts'
import type { StoreWriter } from './writer.ts'

const LOAD_ATTEMPTS = 20

/** Most reads of an array whose rows others replace at the same time; the last one counts. */
const MAX_READS = 4

const isReplaced = (error: unknown): boolean =>
  error instanceof NumPackError && (error.code === 'CHANGED_ON_DISK' || error.code === 'NOT_FOUND')

export class DirectWriter implements StoreWriter {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  has(name: string): boolean {
    return this.#store.get(name) !== undefined
  }

  names(): string[] {
    return this.#store.arrays.map(array => array.name)
  }

  shapes(): [string, readonly number[]][] {
    return this.#readable().map(array => [array.name, array.shape])
  }

  describe(): [string, ArrayMetadata][] {
    return this.#readable().map(array => [array.name, describeArray(array)])
  }

  reader(name: string): ArrayReader {
    return this.#store.currentReader(name)
  }

  /** Starts again if another writer replaced the files after they were found, or rows while they were read. */
  load(name: string): NDArray {
    for (let attempt = 1; ; attempt++) {
      try {
        const reader = this.reader(name)
        const array = reader.readAll()
        if (attempt >= MAX_READS || this.reader(name) === reader) return array
      } catch (error) {
        if (attempt === LOAD_ATTEMPTS || !isReplaced(error)) throw error
        this.#store.refresh()
        if (!this.has(name)) throw error
      }
    }
  }

  save(arrays: Readonly<Record<string, ArrayLike>>): void {
    save(this.#store, arrays)
  }

  append(arrays: Readonly<Record<string, ArrayLike>>): void {
    append(this.#store, arrays)
  }

  replace(arrays: Readonly<Record<string, ArrayLike>>, rows: RowSelection): void {
    replace(this.#store, arrays, rows)
  }

  drop(names: readonly string[], rows?: RowSelection): number {
    return drop(this.#store, names, rows)
  }

  remove(name: string): void {
    remove(this.#store, name)
  }

  update(name: string): void {
    compact(this.#store, name)
  }

  clone(from: string, to: string): void {
    clone(this.#store, from, to)
  }

  reset(): void {
    reset(this.#store)
  }

  #readable(): ArrayInfo[] {
    return this.#store.arrays.filter(array => array.damaged === null)
  }
}
