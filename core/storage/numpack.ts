import { existsSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkFunction, checkOptions, checkPath } from '../array/arguments.ts'
import type { ArrayLike, NDArray } from '../array/ndarray.ts'
import type { AxisSelection } from '../array/selection.ts'
import { NumPackError } from '../format/errors.ts'
import { makeFolder } from '../system/files.ts'
import { refuseForeignLinks } from '../system/trusted-path.ts'
import { describeStore, type StoreMetadata } from './read/describe.ts'
import { type BatchOptions, checkBatchRows, LazyArray } from './lazy-array.ts'
import type { ArrayReader } from './read/reader.ts'
import { openStore, type Store } from './read/store.ts'
import { runWith } from './write/run-with.ts'
import type { Batch } from './write/batch.ts'
import { DirectWriter } from './write/direct.ts'
import { restore } from './write/drop.ts'
import { OpenBatches } from './write/open-batches.ts'
import { dropEverything } from './write/remove.ts'
import { type RowSelection, rowsGiven } from './write/rows.ts'
import { recoverOnOpen } from './write/recover.ts'
import { timestamp } from './write/transaction.ts'
import { WritableBatch } from './write/writable-batch.ts'
import type { StoreWriter } from './write/writer.ts'

/** Options of a NumPack. */
export interface NumPackOptions {
  /** The first `open()` removes NumPack's own files from the folder (nothing else) and starts with an empty store. */
  readonly dropIfExists?: boolean
  /** Allows operations only inside `NumPack.open`, `NumPack.with` or `scope()`. */
  readonly strictContextMode?: boolean
  /** Warns on Windows when `open()` is used, which keeps files open until `close()`. Default: true. */
  readonly warnNoContext?: boolean
  /** Never writes; a folder without metadata is then `NOT_A_STORE`. */
  readonly readOnly?: boolean
  /**
   * Reads through symbolic links in place of files of the store (as git-annex and DVC leave them), which may lead to
   * any file. Needs `readOnly`: nothing is written through a link.
   */
  readonly followLinks?: boolean
}

/** An array that cannot be read, and why. */
export interface DamagedArray {
  readonly name: string
  readonly reason: string
}

let warnedOfNoScope = false

/** A store of arrays in a folder. Rows are logical rows: deleted ones don't count. */
export class NumPack {
  readonly path: string
  readonly #options: NumPackOptions
  #store: Store | null = null
  #direct: DirectWriter | null = null
  #scopes = 0
  #dropped = false
  readonly #batches = new OpenBatches()

  /** Does not touch the disk; `open()`, `scope()` and `NumPack.open` open the store. */
  constructor(path: string, options: NumPackOptions = {}) {
    checkPath(path, 'NumPack')
    checkOptions(options, 'NumPack')
    if (options.followLinks === true && options.readOnly !== true) {
      throw new NumPackError('ARGUMENT', 'NumPack: followLinks needs readOnly: nothing is written through a link.')
    }
    this.path = resolve(path)
    this.#options = options
  }

  /** Opens a store for `using npk = NumPack.open(path)`. */
  static open(path: string, options: NumPackOptions = {}): NumPack {
    return new NumPack(path, options).scope()
  }

  /** Opens a store, runs `action` with it and always closes it. Returns (or resolves to) its result. */
  static with<T>(path: string, action: (npk: NumPack) => T): T
  static with<T>(path: string, options: NumPackOptions, action: (npk: NumPack) => T): T
  static with<T>(path: string, ...rest: [(npk: NumPack) => T] | [NumPackOptions, (npk: NumPack) => T]): T {
    const [options, action] = rest.length === 1 ? [{}, rest[0]] : rest
    checkFunction(action, 'NumPack.with()')
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

  /** Opens the store until `close()`. Throws `STRICT_CONTEXT` in strict mode. */
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

  /** Closes the store and its files. `open()` opens it again. */
  close(): void {
    this.#scopes = 0
    this.#batches.discardAll()
    this.#direct = null
    this.#store?.close()
    this.#store = null
  }

  /** Closes the store, unless it was open before the block that ends. */
  [Symbol.dispose](): void {
    if (this.#scopes > 1) this.#scopes--
    else this.close()
  }

  get closed(): boolean {
    return this.#store === null
  }

  get damaged(): readonly DamagedArray[] {
    return this.#refreshed().arrays.flatMap(({ name, damaged }) =>
      damaged === null ? [] : [{ name, reason: damaged }],
    )
  }

  /** Irregularities of the store and its arrays that lose no data, one sentence each. */
  get warnings(): readonly string[] {
    const store = this.#refreshed()
    const ofArrays = store.arrays.flatMap(({ name, warnings }) =>
      warnings.map(warning => `array '${name}': ${warning}`),
    )
    return [...store.warnings, ...ofArrays]
  }

  /** Whether the store has an array of this name. */
  hasArray(name: string): boolean {
    this.#opened().refreshRecords()
    return this.#writer().has(name)
  }

  /** Sorted names of the arrays, damaged ones included. */
  getMemberList(): string[] {
    this.#opened().refreshRecords()
    return this.#writer().names()
  }

  /** Logical shape of an array; without a name, the shapes of all readable arrays by name. */
  getShape(): Record<string, readonly number[]>
  getShape(name: string): readonly number[]
  getShape(...given: [name?: string]): readonly number[] | Record<string, readonly number[]> {
    if (given.length > 0) return this.#reader(given[0] as string).shape
    return Object.fromEntries(this.#refreshedWriter().shapes())
  }

  /** Time of the last modification, in microseconds since 1970. */
  getModifyTime(name: string): number {
    const store = this.#opened()
    store.refreshRecords()
    this.#reader(name)
    // An array that only a batch holds is being modified now.
    return store.get(name)?.lastModified ?? timestamp()
  }

  /** Describes the store and its arrays. */
  getMetadata(): StoreMetadata {
    return describeStore(this.path, this.#opened().version, this.#refreshedWriter().describe())
  }

  /** Loads an array into memory; with `lazy`, opens it without reading. Throws `NOT_FOUND`, or why it is damaged. */
  load(name: string, options?: { readonly lazy?: false }): NDArray
  load(name: string, options: { readonly lazy: true }): LazyArray
  load(name: string, options: { readonly lazy?: boolean } = {}): NDArray | LazyArray {
    checkOptions(options, 'load()')
    if (options.lazy !== true) return this.#writer().load(name)
    const reader = this.#reader(name)
    const store = this.#opened()
    return new LazyArray(reader, () => this.#checkSame(store))
  }

  /** Returns rows of an array, by an integer, list, slice or mask. The result keeps the row axis. */
  getitem(name: string, rows: AxisSelection): NDArray {
    const reader = this.#reader(name)
    if (reader.shape.length === 0)
      throw new NumPackError('SHAPE', `array '${name}' is 0-D and has no rows`, { array: name })
    const keepsAxis = typeof rows === 'number' || typeof rows === 'bigint' ? [rows] : rows
    return reader.select([keepsAxis]) as NDArray
  }

  /** Iterates over batches of `bufferSize` rows, as `LazyArray.batches`. */
  streamLoad(name: string, bufferSize = 1, options: BatchOptions = {}): IterableIterator<NDArray> {
    checkBatchRows(bufferSize)
    return this.load(name, { lazy: true }).batches(bufferSize, options)
  }

  /** Creates arrays, or replaces those of the same names, whatever their dtype and shape: all or none. */
  save(arrays: Readonly<Record<string, ArrayLike>>): void {
    this.#changing().save(arrays)
  }

  /** Appends rows to all of the arrays or to none. Throws `NOT_FOUND`, `DTYPE` or `SHAPE` before it writes. */
  append(arrays: Readonly<Record<string, ArrayLike>>): void {
    this.#changing().append(arrays)
  }

  /** Replaces logical rows by as many values. The last value counts for a row named twice. */
  replace(arrays: Readonly<Record<string, ArrayLike>>, rows: RowSelection): void {
    this.#changing().replace(arrays, rows)
  }

  /**
   * Marks logical rows (all by default) as deleted and returns their number; `restore` can bring them back until
   * `update`. A missing array is an error only with `rows`.
   */
  drop(names: string | readonly string[], ...given: [rows?: RowSelection]): number {
    const rows = rowsGiven(given, 'drop')
    const writer = this.#changing()
    const list = typeof names === 'string' ? [names] : names
    if (!Array.isArray(list) || list.some(name => typeof name !== 'string')) {
      throw new NumPackError('ARGUMENT', 'drop() takes the name of an array, or a list of names')
    }
    return writer.drop(list, rows)
  }

  /** Restores deleted rows by their physical numbers, or all of them. Returns how many. Not within a batch. */
  restore(name: string, ...given: [rows?: RowSelection]): number {
    return restore(this.#outsideBatch('restore'), name, rowsGiven(given, 'restore'))
  }

  /** Removes an array and its files, even if it is damaged. */
  remove(name: string): void {
    this.#changing().remove(name)
  }

  /** Rewrites an array without its deleted rows, which are then lost. */
  update(name: string): void {
    this.#changing().update(name)
  }

  /** Copies the logical rows of an array into a new one. Throws `EXISTS` if the new name is taken. */
  clone(from: string, to: string): void {
    this.#changing().clone(from, to)
  }

  /** Removes all arrays. */
  reset(): void {
    this.#changing().reset()
  }

  /**
   * Runs `work` with the arrays that it uses in memory, and writes the saved ones once, when it returns or its promise
   * is fulfilled; nothing if it throws. Only `work` and what it calls or awaits are in the batch. Throws
   * `CHANGED_ON_DISK`, and writes nothing, if another writer has changed an array that the batch read (or looked for)
   * before changing it. An array saved unread is simply replaced.
   */
  batchMode<T>(work: (npk: this) => T): T {
    checkFunction(work, 'batchMode()')
    return this.#batches.run(this.#writable(), () => work(this))
  }

  /**
   * As `batchMode`, for `using batch = npk.beginBatch()` and `batch.commit()`. Covers all calls of this NumPack, from
   * any task, until it ends. An inner batch joins the outer one.
   */
  beginBatch(): Batch {
    return this.#batches.begin(this.#writable())
  }

  /** Runs `work` with a batch that edits arrays in place on disk, in bounded memory. */
  writableBatchMode<T>(work: (batch: WritableBatch) => T): T {
    checkFunction(work, 'writableBatchMode()')
    return runWith(this.beginWritableBatch(), work, () => {})
  }

  /** As `writableBatchMode`, for `using wb = npk.beginWritableBatch()`: the store's only writer until disposed. */
  beginWritableBatch(): WritableBatch {
    const store = this.#outsideBatch('beginWritableBatch')
    return new WritableBatch(store, () => this.#checkSame(store))
  }

  #open(): void {
    const { readOnly = false, followLinks = false, dropIfExists = false } = this.#options
    if (!readOnly) {
      if (!existsSync(this.path)) {
        refuseForeignLinks(this.path)
        makeFolder(this.path)
      }
      if (dropIfExists && !this.#dropped && statSync(this.path).isDirectory())
        dropEverything(this.path, realpathSync.native(this.path))
      this.#dropped = true
    }
    this.#store = openStore(this.path, { readOnly, followLinks })
    this.#direct = new DirectWriter(this.#store)
    if (!readOnly) recoverOnOpen(this.#store)
  }

  #writable(): Store {
    const store = this.#opened()
    if (this.#options.readOnly !== true) return store
    throw new NumPackError(
      'READ_ONLY',
      `${this.path} is open for reading only: open it without readOnly to change it.`,
      { path: this.path },
    )
  }

  #outsideBatch(call: string): Store {
    const store = this.#writable()
    if (this.#batches.writer === null) return store
    throw new NumPackError('ARGUMENT', `${call}() works on the files, which a batch has not written yet: end it first.`)
  }

  #writer(): StoreWriter {
    const writer = this.#batches.writer ?? this.#direct
    if (writer === null) throw this.#closedError()
    return writer
  }

  #refreshedWriter(): StoreWriter {
    this.#refreshed()
    return this.#writer()
  }

  /** The direct writer's transactions refresh the store themselves. */
  #changing(): StoreWriter {
    const store = this.#writable()
    if (this.#batches.writer !== null) store.refreshRecords()
    return this.#writer()
  }

  #opened(): Store {
    if (this.#store === null) throw this.#closedError()
    return this.#store
  }

  #closedError(): NumPackError {
    return new NumPackError('CLOSED', `${this.path} is not open: call open(), or use NumPack.open(...).`, {
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

  #reader(name: string): ArrayReader {
    return this.#writer().reader(name)
  }
}
