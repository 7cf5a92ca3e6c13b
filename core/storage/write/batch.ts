import type { TypedArray } from '../../format/dtype.ts'
import { componentsOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { type ArrayMetadata, describeArray } from '../read/describe.ts'
import { MemoryReader } from '../read/memory-reader.ts'
import { type ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { Store } from '../read/store.ts'
import { allocate } from '../../array/memory.ts'
import { checkRowsFit, resolveReplacement } from './write-target.ts'
import { EditableBitmap } from './bitmap.ts'
import { dropRows } from './drop.ts'
import { arraysToSave, entriesOf, toNDArray } from './input.ts'
import { checkName, nameTaken } from './names.ts'
import { resolveRows, type RowSelection } from './rows.ts'
import { save } from './save.ts'
import { timestamp } from './transaction.ts'
import type { StoreWriter } from './writer.ts'

/** Content of an array in a batch, and whether it must be written. */
interface Cached {
  readonly array: NDArray
  readonly changed: boolean
  /** Content key of the array on disk that the content comes from; null if the caller gave all of it. */
  readonly basis: string | null
  /** Spare memory behind the elements, for appended rows; null once a caller has the array. */
  readonly room: TypedArray | null
}

/**
 * Arrays of a store in memory during a batch: every call sees the state so far, and nothing is written before the end.
 */
export class BatchWriter implements StoreWriter {
  readonly #store: Store
  readonly #arrays = new Map<string, Cached>()
  /** Removed arrays, with their content keys on disk. */
  readonly #removed = new Map<string, string | null>()

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

  /** Describes changed arrays as they will be written. */
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

  /** Returns the array in memory, the same object each time. */
  load(name: string): NDArray {
    const known = this.#cached(name)
    this.#arrays.set(name, { ...known, room: null })
    return known.array
  }

  reader(name: string): ArrayReader {
    const known = this.#arrays.get(name)
    return known === undefined ? this.#onDisk(name) : new MemoryReader(name, known.array)
  }

  save(arrays: Readonly<Record<string, ArrayLike>>): void {
    for (const { name, array } of arraysToSave(arrays)) this.#put(name, array)
  }

  append(arrays: Readonly<Record<string, ArrayLike>>): void {
    const given = entriesOf(arrays).map(([name, value]) => {
      const old = this.#rowsOf(name)
      const rows = toNDArray(value, old.dtype)
      checkRowsFit({ reader: this.reader(name) }, rows, 'Rows for')
      return { name, old, rows }
    })
    for (const { name, old, rows } of given) {
      if (rows.length === 0) continue
      this.#append(name, old, rows)
    }
  }

  replace(arrays: Readonly<Record<string, ArrayLike>>, rows: RowSelection): void {
    const given = entriesOf(arrays).map(([name, value]) => {
      const old = this.#rowsOf(name)
      return { name, old, ...resolveReplacement({ reader: this.reader(name) }, value, rows) }
    })
    for (const { name, old, indexer, values } of given) {
      if (values.length === 0) continue
      const array = new NDArray(old.dtype, old.shape, old.data.slice())
      array.set([indexer.kind === 'integer' ? [indexer.index] : rows], values)
      this.#put(name, array)
    }
  }

  /** Drops rows from the arrays in memory. Returns how many. */
  drop(names: readonly string[], rows?: RowSelection): number {
    let count = 0
    for (const name of new Set(names)) {
      if (rows === undefined && !this.has(name)) continue
      const old = this.#rowsOf(name)
      const rowBytes = old.length === 0 ? 1 : old.nbytes / old.length
      // One bit a row: there may be millions of rows without elements.
      const bitmap = new EditableBitmap({ name, rowMap: null, rowBytes }, old.length)
      dropRows(bitmap, resolveRows(rows ?? null, old.length), null)
      if (bitmap.deleted > 0) this.#put(name, new MemoryReader(name, old, bitmap.toRowMap()).readAll())
      count += bitmap.deleted
    }
    return count
  }

  clone(from: string, to: string): void {
    checkName(to)
    const { array } = this.#cached(from)
    if (this.has(to)) throw nameTaken(this.#store.path, to)
    this.#put(to, new NDArray(array.dtype, array.shape, array.data.slice()))
  }

  /**
   * Does nothing in memory, which has no deleted rows. If there are some on disk, marks the array to be written without
   * them.
   */
  update(name: string): void {
    if (this.#arrays.get(name)?.changed) return
    const { rowMap } = this.#onDisk(name)
    if (rowMap !== null && rowMap.deletedRows > 0) this.#put(name, this.#cached(name).array)
  }

  remove(name: string): void {
    if (!this.has(name)) this.#onDisk(name)
    const known = this.#arrays.get(name)
    this.#arrays.delete(name)
    this.#removed.set(name, known === undefined ? (this.#store.contentKey(name) ?? null) : known.basis)
  }

  reset(): void {
    for (const name of this.names()) this.remove(name)
  }

  /**
   * Writes all changes in one transaction. Throws `CHANGED_ON_DISK`, and writes nothing, if another writer changed the
   * arrays before.
   */
  write(): void {
    const changed = [...this.#arrays].filter(([, cached]) => cached.changed)
    save(this.#store, Object.fromEntries(changed.map(([name, { array }]) => [name, array])), {
      removed: [...this.#removed.keys()],
      check: () => {
        for (const [name, { basis }] of changed) this.#checkBasis(name, basis)
        for (const [name, basis] of this.#removed) if (this.#store.get(name)) this.#checkBasis(name, basis)
      },
    })
  }

  #checkBasis(name: string, basis: string | null): void {
    if (basis === null || this.#store.contentKey(name) === basis) return
    const { path } = this.#store
    throw new NumPackError(
      'CHANGED_ON_DISK',
      `array '${name}' in ${path} was changed by another writer while the batch ran; nothing of the batch was written. ` +
        'Run it again.',
      { path, array: name },
    )
  }

  #put(name: string, array: NDArray, room: TypedArray | null = null): void {
    this.#removed.delete(name)
    this.#arrays.set(name, { array, changed: true, basis: this.#arrays.get(name)?.basis ?? null, room })
  }

  /**
   * Appends rows to an array in memory. Doubles its memory when it is full, so that appending single rows rarely copies
   * the others.
   */
  #append(name: string, old: NDArray, rows: NDArray): void {
    const known = this.#arrays.get(name)?.room ?? null
    const length = old.data.length + rows.data.length
    let room = known
    if (room === null || room.length < length) {
      const capacity = known === null ? length : 2 * length
      room = allocate(old.dtype, capacity / componentsOf(old.dtype))
      ;(room as Float64Array).set(old.data as Float64Array)
    }
    ;(room as Float64Array).set(rows.data as Float64Array, old.data.length)
    const shape = [old.length + rows.length, ...old.shape.slice(1)]
    this.#put(name, new NDArray(old.dtype, shape, room.subarray(0, length)), room)
  }

  /** Returns an array, and reads it into memory at its first use. */
  #cached(name: string): Cached {
    const known = this.#arrays.get(name)
    if (known !== undefined) return known
    const reader = this.#onDisk(name)
    const basis = this.#store.contentKey(name) ?? null
    const cached = { array: reader.readAll(), changed: false, basis, room: null }
    this.#arrays.set(name, cached)
    return cached
  }

  #rowsOf(name: string): NDArray {
    const { array } = this.#cached(name)
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

/** Handle of a batch: `using batch = npk.beginBatch()`. Disposing a batch that was not committed discards it. */
export class Batch implements Disposable {
  readonly #commit: () => void
  readonly #discard: () => void
  #hasEnded = false

  /** Exactly one of the two is called, once. */
  constructor(commit: () => void, discard: () => void) {
    this.#commit = commit
    this.#discard = discard
  }

  /**
   * Writes all changes in one transaction. An inner batch leaves that to the outer one. If writing fails, the batch
   * stays open: free disk space or wait for the other writer, and commit again. Throws `CLOSED` if the batch has ended.
   */
  commit(): void {
    if (this.#hasEnded) throw new NumPackError('CLOSED', 'This batch has ended: begin another one.')
    this.#commit()
    this.#hasEnded = true
  }

  /** Discards all changes. An inner batch leaves that to the outer one. */
  discard(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#discard()
  }

  [Symbol.dispose](): void {
    this.discard()
  }
}
