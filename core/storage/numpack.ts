import { resolve } from 'node:path'
import type { DType } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import type { ArrayInfo } from './array.ts'
import { type BatchOptions, checkBatchRows, LazyArray } from './lazy.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayReader } from './reader.ts'
import type { AxisSelection } from './selection.ts'
import { openStore, type Store } from './store.ts'

/** How a NumPack is opened. */
export interface NumPackOptions {
  /** Operations only inside `NumPack.open`, `NumPack.with` or `scope()`. */
  readonly strictContextMode?: boolean
  /** false: no warning on Windows when the store is opened by hand. */
  readonly warnNoContext?: boolean
  /** Never writes; a folder without metadata is then `NOT_A_STORE`. */
  readonly readOnly?: boolean
}

/** What `getMetadata` tells of an array. */
export interface ArrayMetadata {
  readonly dtype: DType
  /** Logical shape: without the deleted rows. */
  readonly shape: readonly number[]
  /** Shape on disk, deleted rows included. */
  readonly physicalShape: readonly number[]
  readonly deletedRows: number
  /** Bytes of the data files on disk. */
  readonly sizeBytes: number
  readonly dataFile: string
  /** How many segment files hold the array; left out for a single data file. */
  readonly segments?: number
  /** Microseconds since 1970. */
  readonly lastModified: number
}

/** What `getMetadata` tells of a store. */
export interface StoreMetadata {
  readonly path: string
  readonly version: number
  readonly totalSize: number
  readonly arrays: Readonly<Record<string, ArrayMetadata>>
}

/** An array that can't be read. */
export interface DamagedArray {
  readonly name: string
  readonly reason: string
}

let warnedOfNoScope = false

/** A store of arrays in a folder. Rows are logical rows: deleted ones don't count. */
export class NumPack {
  /** Absolute path of the folder. */
  readonly path: string
  readonly #options: NumPackOptions
  #store: Store | null = null
  #scopes = 0

  /** Touches nothing; `open()`, `scope()` and `NumPack.open` open the store. */
  constructor(path: string, options: NumPackOptions = {}) {
    if (typeof path !== 'string' || path === '') {
      throw new NumPackError('ARGUMENT', 'a NumPack needs the path of its folder', {})
    }
    this.path = resolve(path)
    this.#options = options
  }

  /** An opened store, for `using npk = NumPack.open(path)`: closed at the end of the block. */
  static open(path: string, options: NumPackOptions = {}): NumPack {
    return new NumPack(path, options).scope()
  }

  /** Opens a store, runs `action` with it and closes it whatever happens; returns (or resolves to) its result. */
  static with<T>(path: string, action: (npk: NumPack) => T): T
  static with<T>(path: string, options: NumPackOptions, action: (npk: NumPack) => T): T
  static with<T>(path: string, ...rest: [(npk: NumPack) => T] | [NumPackOptions, (npk: NumPack) => T]): T {
    const [options, action] = rest.length === 1 ? [{}, rest[0]] : rest
    const npk = NumPack.open(path, options)
    let result: T
    try {
      result = action(npk)
    } catch (error) {
      npk.close()
      throw error
    }
    if (result instanceof Promise) return result.finally(() => npk.close()) as T
    npk.close()
    return result
  }

  /** Opens the store for a block: `using npk = numpack.scope()`. The end of the outermost scope closes it. */
  scope(): this {
    if (this.#store === null) this.#open()
    this.#scopes++
    return this
  }

  /** Opens the store by hand. Does nothing when it is open. Throws `STRICT_CONTEXT` in strict mode. */
  open(): void {
    if (this.#store !== null) return
    if (this.#options.strictContextMode === true) {
      throw new NumPackError(
        'STRICT_CONTEXT',
        `${this.path} is in strict context mode: use "using npk = NumPack.open(...)", NumPack.with(...) or scope().`,
        { path: this.path },
      )
    }
    if (process.platform === 'win32' && this.#options.warnNoContext !== false && !warnedOfNoScope) {
      warnedOfNoScope = true
      process.emitWarning(
        'A NumPack opened by hand keeps files open until close(); on Windows they then cannot be deleted or moved. ' +
          'Use "using npk = NumPack.open(...)" or NumPack.with(...).',
        'NumPackWarning',
      )
    }
    this.#open()
  }

  /** Closes the store and every file of it. Does nothing when it is closed; `open()` opens it again. */
  close(): void {
    this.#scopes = 0
    this.#store?.close()
    this.#store = null
  }

  /** Ends a scope; the end of the outermost one closes the store. */
  [Symbol.dispose](): void {
    if (this.#scopes > 1) this.#scopes--
    else this.close()
  }

  /** Whether the store is not open; true before the first `open()`. */
  get closed(): boolean {
    return this.#store === null
  }

  /** Arrays that can't be read, with the reasons. */
  get damaged(): readonly DamagedArray[] {
    return this.#refreshed().arrays.flatMap(({ name, damaged }) =>
      damaged === null ? [] : [{ name, reason: damaged }],
    )
  }

  /** What is odd about the store and its arrays but costs nothing: one sentence each. */
  get warnings(): readonly string[] {
    const store = this.#refreshed()
    const ofArrays = store.arrays.flatMap(({ name, warnings }) =>
      warnings.map(warning => `array '${name}': ${warning}`),
    )
    return [...store.warnings, ...ofArrays]
  }

  /** Whether there is an array of this name, readable or damaged. */
  hasArray(name: string): boolean {
    return this.#refreshed().get(name) !== undefined
  }

  /** The names of the arrays, damaged ones too, sorted. */
  getMemberList(): string[] {
    return this.#refreshed().arrays.map(array => array.name)
  }

  /** The logical shape of an array, or without a name an object of the shapes of all that are readable. */
  getShape(): Record<string, readonly number[]>
  getShape(name: string): readonly number[]
  getShape(name?: string): readonly number[] | Record<string, readonly number[]> {
    if (name !== undefined) return this.#reader(name).shape
    return Object.fromEntries(this.#healthy().map(array => [array.name, array.shape]))
  }

  /** When an array was last modified, in microseconds since 1970. */
  getModifyTime(name: string): number {
    const store = this.#refreshed()
    store.reader(name)
    return (store.get(name) as ArrayInfo).lastModified
  }

  /** What is known of the store and its readable arrays, without reading data. */
  getMetadata(): StoreMetadata {
    const store = this.#refreshed()
    const arrays = this.#healthy().map((array): [string, ArrayMetadata] => [
      array.name,
      {
        dtype: array.dtype as DType,
        shape: array.shape,
        physicalShape: array.physicalShape,
        deletedRows: array.deletedRows,
        sizeBytes: array.sizeBytes,
        dataFile: array.dataFile,
        ...(array.segments > 0 && { segments: array.segments }),
        lastModified: array.lastModified,
      },
    ])
    const totalSize = arrays.reduce((sum, [, array]) => sum + array.sizeBytes, 0)
    return { path: this.path, version: store.version, totalSize, arrays: Object.fromEntries(arrays) }
  }

  /** An array, read into memory or (`lazy`) read piece by piece as needed. Throws `NOT_FOUND`, or why it is damaged. */
  load(name: string, options?: { readonly lazy?: false }): NDArray
  load(name: string, options: { readonly lazy: true }): LazyArray
  load(name: string, options: { readonly lazy?: boolean } = {}): NDArray | LazyArray {
    const reader = this.#reader(name)
    if (options.lazy !== true) return reader.readAll()
    const store = this.#store as Store
    return new LazyArray(reader, () => this.#checkSame(store))
  }

  /** Rows of an array: an integer, list, slice or mask on the first axis, which the result keeps. */
  getitem(name: string, rows: AxisSelection): NDArray {
    const reader = this.#reader(name)
    if (reader.shape.length === 0)
      throw new NumPackError('SHAPE', `array '${name}' is 0-D and has no rows`, { array: name })
    const keepsAxis = typeof rows === 'number' || typeof rows === 'bigint' ? [rows] : rows
    return reader.select([keepsAxis]) as NDArray
  }

  /**
   * The rows in batches of `bufferSize`, the last one shorter; one row each without `bufferSize`. With `reuse` each
   * batch lies in the memory of the one before.
   */
  streamLoad(name: string, bufferSize = 1, options: BatchOptions = {}): IterableIterator<NDArray> {
    checkBatchRows(bufferSize)
    return this.load(name, { lazy: true }).batches(bufferSize, options)
  }

  #open(): void {
    this.#store = openStore(this.path, { readOnly: this.#options.readOnly ?? false })
  }

  #opened(): Store {
    if (this.#store !== null) return this.#store
    throw new NumPackError('CLOSED', `${this.path} is not open: call open(), or use NumPack.open(...).`, {
      path: this.path,
    })
  }

  #checkSame(store: Store): void {
    if (this.#store === store) return
    throw new NumPackError('CLOSED', `the array's store ${this.path} was closed: load the array again.`, {
      path: this.path,
    })
  }

  #refreshed(): Store {
    const store = this.#opened()
    store.refresh()
    return store
  }

  #healthy(): ArrayInfo[] {
    return this.#refreshed().arrays.filter(array => array.damaged === null)
  }

  #reader(name: string): ArrayReader {
    return this.#opened().currentReader(name)
  }
}
