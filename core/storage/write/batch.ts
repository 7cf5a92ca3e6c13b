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

interface Cached {
  readonly array: NDArray
  readonly changed: boolean
  /** Spare memory behind the elements for appended rows; null once a caller has the array. */
  readonly room: TypedArray | null
}

/** What a batch saw of an array on disk: the key of its content, or only whether it exists. */
type Seen = string | boolean

/** Arrays in memory during a batch: calls see the state so far, and nothing is written before the end. */
export class BatchWriter implements StoreWriter {
  readonly #store: Store
  readonly #arrays = new Map<string, Cached>()
  readonly #removed = new Set<string>()
  /** What the caller saw first of each array on disk; nothing for one saved unread. */
  readonly #seen = new Map<string, Seen>()
  /** First list of names that the caller saw, with those that the batch had changed before; null if none. */
  #listed: ReadonlySet<string> | null = null

  constructor(store: Store) {
    this.#store = store
  }

  names(): string[] {
    const names = this.#names()
    for (const name of names) if (!this.#arrays.has(name)) this.#see(name, true)
    this.#listed ??= new Set([...names, ...this.#removed])
    return names
  }

  has(name: string): boolean {
    if (this.#arrays.has(name)) return true
    if (this.#removed.has(name)) return false
    const isThere = this.#store.get(name) !== undefined
    this.#see(name, isThere)
    return isThere
  }

  shapes(): [string, readonly number[]][] {
    const readable = this.names().filter(name => this.#arrays.has(name) || this.#store.get(name)?.damaged === null)
    return readable.map(name => [name, this.reader(name).shape])
  }

  describe(): [string, ArrayMetadata][] {
    return this.names().flatMap((name): [string, ArrayMetadata][] => {
      const info = this.#store.get(name)
      const cached = this.#arrays.get(name)
      if (!cached?.changed) {
        this.#seeContent(name)
        return info?.damaged === null ? [[name, describeArray(info)]] : []
      }
      const { dtype, shape, nbytes } = cached.array
      const dataFile = info?.dataFile ?? ''
      const lastModified = info?.lastModified ?? timestamp()
      return [[name, { dtype, shape, physicalShape: shape, deletedRows: 0, sizeBytes: nbytes, dataFile, lastModified }]]
    })
  }

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
      checkRowsFit(this.reader(name), rows, 'Rows for')
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
      return { name, old, ...resolveReplacement(this.reader(name), value, rows) }
    })
    for (const { name, old, indexer, values } of given) {
      if (values.length === 0) continue
      const array = new NDArray(old.dtype, old.shape, old.data.slice())
      array.set([indexer.kind === 'integer' ? [indexer.index] : rows], values)
      this.#put(name, array)
    }
  }

  drop(names: readonly string[], rows?: RowSelection): number {
    let count = 0
    for (const name of new Set(names)) {
      if (rows === undefined && !this.has(name)) continue
      const old = this.#rowsOf(name)
      const rowBytes = old.length === 0 ? 1 : old.nbytes / old.length
      // A bitmap, because there may be millions of rows without elements.
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

  /** Arrays in memory have no deleted rows. One with deleted rows on disk is marked to be written without them. */
  update(name: string): void {
    if (this.#arrays.get(name)?.changed) return
    const { rowMap } = this.#onDisk(name)
    if (rowMap !== null && rowMap.deletedRows > 0) this.#put(name, this.#cached(name).array)
  }

  remove(name: string): void {
    if (!this.#removed.has(name)) this.#store.refreshArrays([name])
    if (!this.has(name)) this.#onDisk(name)
    this.#seeContent(name)
    this.#arrays.delete(name)
    this.#removed.add(name)
  }

  reset(): void {
    for (const name of this.#names()) this.remove(name)
  }

  /** Writes one transaction, or nothing: `CHANGED_ON_DISK` if an array is not as the caller first saw it. */
  write(): void {
    const changed = [...this.#arrays].filter(([, cached]) => cached.changed)
    save(this.#store, Object.fromEntries(changed.map(([name, { array }]) => [name, array])), {
      removed: [...this.#removed],
      check: () => {
        for (const [name] of changed) this.#checkAsSeen(name)
        for (const name of this.#removed) if (this.#store.get(name)) this.#checkAsSeen(name)
      },
    })
  }

  #checkAsSeen(name: string): void {
    const seen = this.#seen.get(name) ?? (this.#listed?.has(name) === false ? false : null)
    const key = this.#store.contentKey(name)
    if (seen === null || seen === key || seen === (key !== undefined)) return
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
    this.#arrays.set(name, { array, changed: true, room })
  }

  /** Doubles the memory when it is full, so that appending single rows rarely copies the others. */
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

  #cached(name: string): Cached {
    const known = this.#arrays.get(name)
    if (known !== undefined) return known
    const cached = { array: this.#onDisk(name).readAll(), changed: false, room: null }
    this.#arrays.set(name, cached)
    return cached
  }

  #rowsOf(name: string): NDArray {
    const { array } = this.#cached(name)
    if (array.ndim > 0) return array
    throw new NumPackError('SHAPE', `array '${name}' is 0-D: it has no rows to change.`, { array: name })
  }

  #names(): string[] {
    const names = new Set([...this.#store.arrays.map(array => array.name), ...this.#arrays.keys()])
    return [...names].filter(name => !this.#removed.has(name)).sort()
  }

  #see(name: string, seen: Seen): void {
    const before = this.#seen.get(name)
    if (before === undefined || (before === true && seen !== false)) this.#seen.set(name, seen)
  }

  #seeContent(name: string): void {
    this.#see(name, this.#store.contentKey(name) ?? false)
  }

  #onDisk(name: string): ArrayReader {
    if (!this.#removed.has(name)) {
      try {
        return this.#store.currentReader(name)
      } finally {
        this.#seeContent(name)
      }
    }
    throw new NumPackError('NOT_FOUND', `there is no array '${name}' in ${this.#store.path}: the batch removed it.`, {
      path: this.#store.path,
      array: name,
    })
  }
}

/** A batch for `using batch = npk.beginBatch()`. Disposing an uncommitted one discards it. */
export class Batch implements Disposable {
  readonly #commit: () => void
  readonly #discard: () => void
  #hasEnded = false

  constructor(commit: () => void, discard: () => void) {
    this.#commit = commit
    this.#discard = discard
  }

  /** Writes all changes; an inner batch leaves that to the outer one. Stays open if writing fails. Throws `CLOSED`. */
  commit(): void {
    if (this.#hasEnded) throw new NumPackError('CLOSED', 'This batch has ended: begin another one.')
    this.#commit()
    this.#hasEnded = true
  }

  /** Discards all changes; an inner batch leaves that to the outer one. */
  discard(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#discard()
  }

  /** As `discard`. */
  [Symbol.dispose](): void {
    this.discard()
  }
}
