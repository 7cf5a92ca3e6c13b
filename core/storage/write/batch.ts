import { NumPackError } from '../../format/errors.ts'
import { type ArrayMetadata, describeArray } from '../read/describe.ts'
import { MemoryReader } from '../read/memory-reader.ts'
import { type ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { Store } from '../read/store.ts'
import { checkFits } from './arrays.ts'
import { EditableBitmap } from './bitmap.ts'
import { dropRows } from './drop.ts'
import { entriesOf, toNDArray } from './input.ts'
import { checkName } from './names.ts'
import { countOf, resolveRows, type RowSelection } from './rows.ts'
import { save } from './save.ts'
import { timestamp } from './transaction.ts'
import type { StoreWriter } from './writer.ts'

/** What a batch knows of an array: its content in memory, and whether that has to be written. */
interface Cached {
  readonly array: NDArray
  readonly changed: boolean
}

/** A store's arrays in memory while a batch runs: every call sees the state so far, nothing is written before the end. */
export class BatchWriter implements StoreWriter {
  readonly #store: Store
  readonly #arrays = new Map<string, Cached>()
  readonly #removed = new Set<string>()

  constructor(store: Store) {
    this.#store = store
  }

  names(): string[] {
    const names = new Set([...this.#store.arrays.map(array => array.name), ...this.#arrays.keys()])
    return [...names].filter(name => !this.#removed.has(name)).sort()
  }

  has(name: string): boolean {
    return this.#arrays.has(name) || (this.#store.get(name) !== undefined && !this.#removed.has(name))
  }

  shapes(): [string, readonly number[]][] {
    const readable = this.names().filter(name => this.#arrays.has(name) || this.#store.get(name)?.damaged === null)
    return readable.map(name => [name, this.reader(name).shape])
  }

  /** Arrays that the batch has changed are described as they will be written. */
  describe(): [string, ArrayMetadata][] {
    return this.names().flatMap((name): [string, ArrayMetadata][] => {
      const info = this.#store.get(name)
      const cached = this.#arrays.get(name)
      if (!cached?.changed) return info?.damaged === null ? [[name, describeArray(info)]] : []
      const { dtype, shape, nbytes } = cached.array
      const dataFile = info?.dataFile ?? ''
      const lastModified = info?.lastModified ?? timestamp()
      return [[name, { dtype, shape, physicalShape: shape, deletedRows: 0, sizeBytes: nbytes, dataFile, lastModified }]]
    })
  }

  /** The array in memory: the same one each time. */
  load(name: string): NDArray {
    const known = this.#arrays.get(name)
    if (known !== undefined) return known.array
    const array = this.#onDisk(name).readAll()
    this.#arrays.set(name, { array, changed: false })
    return array
  }

  reader(name: string): ArrayReader {
    const known = this.#arrays.get(name)
    return known === undefined ? this.#onDisk(name) : new MemoryReader(name, known.array)
  }

  save(arrays: Readonly<Record<string, ArrayLike>>): void {
    const given = entriesOf(arrays).map(([name, value]) => {
      checkName(name)
      const array = toNDArray(value)
      if (array.ndim === 0)
        throw new NumPackError('SHAPE', `'${name}' is 0-D. Save it with shape (1,).`, { array: name })
      return [name, array] as const
    })
    for (const [name, array] of given) this.#put(name, array)
  }

  append(arrays: Readonly<Record<string, ArrayLike>>): void {
    const given = entriesOf(arrays).map(([name, value]) => {
      const old = this.#rowsOf(name)
      const rows = toNDArray(value, old.dtype)
      checkFits({ reader: this.reader(name) }, rows, 'Rows for')
      return { name, old, rows }
    })
    for (const { name, old, rows } of given) {
      if (rows.length === 0) continue
      const length = old.length + rows.length
      const array = NDArray.zeros([length, ...old.shape.slice(1)], old.dtype)
      ;(array.data as Float64Array).set(old.data as Float64Array)
      ;(array.data as Float64Array).set(rows.data as Float64Array, old.data.length)
      this.#put(name, array)
    }
  }

  replace(arrays: Readonly<Record<string, ArrayLike>>, rows: RowSelection): void {
    const given = entriesOf(arrays).map(([name, value]) => {
      const old = this.#rowsOf(name)
      const count = countOf(resolveRows(rows, old.length))
      const values = toNDArray(value, old.dtype)
      const isOneRow = typeof rows === 'number' && values.ndim === old.ndim - 1
      const shape = isOneRow ? [1, ...values.shape] : values.shape
      checkFits({ reader: this.reader(name) }, { dtype: values.dtype, shape }, 'Rows of')
      if (shape[0] !== count) {
        throw new NumPackError('SHAPE', `Rows of '${name}': ${count} rows are named, ${shape[0]} values were given.`, {
          array: name,
        })
      }
      return { name, old, values: new NDArray(values.dtype, shape, values.data) }
    })
    for (const { name, old, values } of given) {
      if (values.length === 0) continue
      const array = new NDArray(old.dtype, old.shape, old.data.slice())
      array.set([typeof rows === 'number' ? [rows] : rows], values)
      this.#put(name, array)
    }
  }

  /** Takes rows out of the arrays in memory. Returns how many. */
  drop(names: readonly string[], rows?: RowSelection): number {
    let count = 0
    for (const name of new Set(names)) {
      if (rows === undefined && !this.has(name)) continue
      const old = this.#rowsOf(name)
      const rowBytes = old.length === 0 ? 1 : old.nbytes / old.length
      // One bit a row: of rows without elements there may be millions.
      const bitmap = new EditableBitmap({ name, rowMap: null, rowBytes }, old.length)
      dropRows(bitmap, resolveRows(rows ?? null, old.length), null)
      if (bitmap.deleted > 0) this.#put(name, new MemoryReader(name, old, bitmap.toRowMap()).readAll())
      count += bitmap.deleted
    }
    return count
  }

  clone(from: string, to: string): void {
    checkName(to)
    const array = this.load(from)
    if (this.has(to)) {
      throw new NumPackError('EXISTS', `There is an array '${to}' in ${this.#store.path} already. Remove it first.`, {
        array: to,
      })
    }
    this.#put(to, new NDArray(array.dtype, array.shape, array.data.slice()))
  }

  /** In memory there are no deleted rows; where there are some on disk the array has to be written without them. */
  update(name: string): void {
    if (this.#arrays.get(name)?.changed) return
    const { rowMap } = this.#onDisk(name)
    if (rowMap !== null && rowMap.deletedRows > 0) this.#put(name, this.load(name))
  }

  remove(name: string): void {
    if (!this.has(name)) this.#onDisk(name)
    this.#arrays.delete(name)
    this.#removed.add(name)
  }

  reset(): void {
    for (const name of this.names()) this.remove(name)
  }

  /** Writes what changed, all at once. */
  write(): void {
    const changed = [...this.#arrays].filter(([, cached]) => cached.changed)
    this.#store.refresh()
    const removed = [...this.#removed].filter(name => this.#store.get(name) !== undefined)
    save(this.#store, Object.fromEntries(changed.map(([name, { array }]) => [name, array])), removed)
  }

  #put(name: string, array: NDArray): void {
    this.#removed.delete(name)
    this.#arrays.set(name, { array, changed: true })
  }

  #rowsOf(name: string): NDArray {
    const array = this.load(name)
    if (array.ndim > 0) return array
    throw new NumPackError('SHAPE', `array '${name}' is 0-D: it has no rows to change.`, { array: name })
  }

  #onDisk(name: string): ArrayReader {
    if (!this.#removed.has(name)) return this.#store.currentReader(name)
    throw new NumPackError('NOT_FOUND', `there is no array '${name}' in ${this.#store.path}: the batch removed it.`, {
      path: this.#store.path,
      array: name,
    })
  }
}

/** A batch in the hands of a user: `using batch = npk.beginBatch()`. Disposing one that was not committed discards it. */
export class Batch implements Disposable {
  #end: ((commit: boolean) => void) | null

  /** `end` is called once, at the end. */
  constructor(end: (commit: boolean) => void) {
    this.#end = end
  }

  /** Writes everything that changed, all at once. An inner batch leaves that to the outer one. */
  commit(): void {
    this.#finish(true)
  }

  /** Forgets everything that changed. An inner batch leaves that to the outer one. */
  discard(): void {
    this.#finish(false)
  }

  [Symbol.dispose](): void {
    this.discard()
  }

  #finish(commit: boolean): void {
    const end = this.#end
    this.#end = null
    end?.(commit)
  }
}
