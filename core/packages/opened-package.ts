import { bitmapBytesOf, decodeBitmap } from '../format/bitmap.ts'
import { type DType, itemsize } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type ArrayRecord, decodeMetadata } from '../format/metadata.ts'
import { bitmapFileOf, METADATA_FILE } from '../format/names.ts'
import type { PackageEntry } from '../format/npkg.ts'
import { checkArrayName, checkOptions } from '../array/arguments.ts'
import { handles, PooledFile } from '../system/handles.ts'
import { sizeOf } from '../array/indexing.ts'
import { LazyArray } from '../storage/lazy-array.ts'
import type { NDArray } from '../array/ndarray.ts'
import { ArrayReader } from '../storage/read/reader.ts'
import { RowMap } from '../array/rowmap.ts'
import { DataSource, type ReadableFile } from '../storage/read/source.ts'
import { mostBitmapBytes } from '../storage/read/bitmap-size.ts'
import { MemoryShare, bitmapBudget, TOO_MANY_BITMAPS } from '../system/memory-share.ts'
import { aborted } from '../system/progress.ts'
import { decodeInTurns } from './codec.ts'
import type { Control } from './control.ts'
import type { InputFile } from './input-file.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import { PackedFile } from './packed-file.ts'
import { closedError, SpoolFile, SpoolFolder } from './spool.ts'
import type { ZstdBackend } from './zstd.ts'

/** Options of `openPackage`. */
export interface OpenPackageOptions {
  /** Private folder for decompressed arrays that no other user can exchange; by default the user's own cache. */
  readonly cacheFolder?: string
  /** Maximum size of the decompressed arrays in bytes. A function is called before each decompression. */
  readonly spoolBytes?: number | (() => number)
  /** false: reading an array that is not decompressed yet throws `NOT_READY` instead of waiting. */
  readonly wait?: boolean
  /** Called when more of an array is decompressed, a decompression has paused or ended, or another may begin. */
  readonly onProgress?: () => void
  readonly zstd?: ZstdBackend
  /** Cancels the opening: it rejects with `ABORTED`. */
  readonly signal?: AbortSignal | undefined
}

export interface DescribedArray {
  readonly record: ArrayRecord
  readonly reader: ArrayReader | null
  /** null if the array can be read. */
  readonly damaged: string | null
}

interface PackedArray extends DescribedArray {
  /** null for an array that is read in place. */
  readonly spool: SpoolFile | null
}

/** Reads headers, metadata and bitmaps now, data when it is needed. Rejects as `openPackage`. */
export async function openPackedStore(path: string, options: OpenPackageOptions = {}): Promise<OpenedPackage> {
  const { signal, spoolBytes = LIMITS.spoolBytes } = options
  const control = {
    check: () => {
      if (signal?.aborted === true) throw aborted()
    },
  }
  using input = openPackageFile(path)
  const index = await readIndex(input, control)
  if (index.problem !== null) throw index.problem
  const entries = new Map(index.entries.map(entry => [entry.name, entry]))
  const metadataEntry = entries.get(METADATA_FILE) as PackageEntry
  const metadata = await decodeInTurns(input, metadataEntry, control)
  const { records } = decodeMetadata(metadata, `${METADATA_FILE} in ${path}`)
  const file = new PooledFile(handles, path, input.stat)
  const source = { path, state: input.state, zstd: options.zstd }
  const spools = new SpoolFolder(source, {
    cacheFolder: options.cacheFolder,
    limit: typeof spoolBytes === 'number' ? () => spoolBytes : spoolBytes,
    wait: options.wait ?? true,
    onProgress: options.onProgress ?? (() => {}),
  })
  const arrays = new Map<string, PackedArray>()
  const bitmaps = new MemoryShare(bitmapBudget)
  try {
    for (const record of records) {
      arrays.set(record.name, await openPackedArray({ record, input, entries, file, spools, bitmaps, control }))
    }
    input.checkUnchanged()
  } catch (error) {
    bitmaps[Symbol.dispose]()
    throw error
  }
  return new OpenedPackage(path, arrays, spools, bitmaps)
}

interface ArrayToOpen {
  readonly record: ArrayRecord
  readonly input: InputFile
  readonly entries: ReadonlyMap<string, PackageEntry>
  readonly file: PooledFile
  readonly spools: SpoolFolder
  readonly bitmaps: MemoryShare
  readonly control: Pick<Control, 'check'>
}

async function openPackedArray(toOpen: ArrayToOpen): Promise<PackedArray> {
  const { record, input, entries, file, spools } = toOpen
  const { name, shape, dataFile, problem } = record
  const damaged = (reason: string): PackedArray => ({ record, reader: null, damaged: reason, spool: null })
  if (problem !== null) return damaged(problem)
  const dtype = record.dtype as DType
  const bytes = sizeOf(shape) * itemsize(dtype)
  const entry = entries.get(dataFile)
  if (entry === undefined) return damaged(`its data file is not in the package (${dataFile})`)
  if (entry.originalSize < bytes) {
    return damaged(`data file shorter than its shape says (${entry.originalSize} of ${bytes} bytes)`)
  }
  const rowMap = await readRowMap(toOpen)
  if (typeof rowMap === 'string') return damaged(rowMap)
  const spool = entry.codec === 'raw' ? null : spools.file(entry)
  const content: ReadableFile = spool ?? new PackedFile(file, entry, input.state)
  const reader = new ArrayReader({
    name,
    dtype,
    shape: rowMap === null ? shape : [rowMap.activeRows, ...shape.slice(1)],
    physicalShape: shape,
    rowMap,
    source: new DataSource([{ file: content, name: dataFile, start: 0, bytes }]),
    generation: 0,
  })
  return { record, reader, damaged: null, spool }
}

/** Returns the row map of an array with a bitmap, null without one, or the fault of the bitmap. */
async function readRowMap({ record, entries, input, bitmaps, control }: ArrayToOpen): Promise<RowMap | null | string> {
  const [rows, ...rowShape] = record.shape
  const entry = entries.get(bitmapFileOf(record.name))
  if (entry === undefined || rows === undefined) return null
  const { originalSize } = entry
  if (originalSize > bitmapBytesOf(rows)) {
    return `its deletion bitmap is not one for ${rows} rows (${originalSize} bytes)`
  }
  const most = mostBitmapBytes(sizeOf(rowShape) * itemsize(record.dtype as DType))
  if (bitmapBytesOf(rows) > most) {
    return `its deletion bitmap for ${rows} rows has ${bitmapBytesOf(rows)} bytes; at most ${most} are read`
  }
  const held = bitmaps.bytes + originalSize
  if (held > LIMITS.bitmapBytes) {
    return `the deletion bitmaps of a package take ${LIMITS.bitmapBytes} bytes at most, and this one is too much`
  }
  if (!bitmaps.fits(held)) return TOO_MANY_BITMAPS
  bitmaps.bytes = held
  const bitmap = decodeBitmap(await decodeInTurns(input, entry, control), rows)
  return typeof bitmap === 'string' ? bitmap : new RowMap(bitmap.words, rows)
}

/** A read-only store inside a package. Uncompressed arrays are read in place, others are decompressed once. */
export class OpenedPackage implements Disposable {
  readonly path: string
  readonly #arrays: ReadonlyMap<string, PackedArray>
  readonly #spools: SpoolFolder
  readonly #bitmaps: MemoryShare
  #closed = false

  constructor(path: string, arrays: ReadonlyMap<string, PackedArray>, spools: SpoolFolder, bitmaps: MemoryShare) {
    this.path = path
    this.#arrays = arrays
    this.#spools = spools
    this.#bitmaps = bitmaps
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Arrays that can't be read, with the reasons. */
  get damaged(): readonly { readonly name: string; readonly reason: string }[] {
    return this.#sorted().flatMap(([name, { damaged }]) => (damaged === null ? [] : [{ name, reason: damaged }]))
  }

  /** Returns all arrays, sorted by name, damaged ones included. */
  describe(): DescribedArray[] {
    this.#checkOpen()
    return this.#sorted().map(([, array]) => array)
  }

  /** Whether the package has an array of this name. */
  hasArray(name: string): boolean {
    this.#checkOpen()
    return this.#arrays.has(name)
  }

  /** Returns the sorted names of the arrays, damaged ones included. */
  getMemberList(): string[] {
    this.#checkOpen()
    return this.#sorted().map(([name]) => name)
  }

  /** Returns the logical shape of an array, or without a name an object of the shapes of all readable arrays. */
  getShape(): Record<string, readonly number[]>
  getShape(name: string): readonly number[]
  getShape(name?: string): readonly number[] | Record<string, readonly number[]> {
    if (name !== undefined) return this.reader(name).shape
    this.#checkOpen()
    return Object.fromEntries(
      this.#sorted().flatMap(([array, { reader }]) => (reader === null ? [] : [[array, reader.shape]])),
    )
  }

  /** In microseconds since 1970. */
  getModifyTime(name: string): number {
    return this.#array(name).record.lastModified
  }

  /** Loads an array, or with `lazy` reads pieces as needed. Throws `NOT_FOUND` or `DAMAGED`. */
  load(name: string, options?: { readonly lazy?: false }): NDArray
  load(name: string, options: { readonly lazy: true }): LazyArray
  load(name: string, options: { readonly lazy?: boolean } = {}): NDArray | LazyArray {
    checkOptions(options, 'load()')
    const reader = this.reader(name)
    return options.lazy === true ? new LazyArray(reader, () => this.#checkOpen()) : reader.readAll()
  }

  /** Throws `NOT_FOUND` or `DAMAGED`. */
  reader(name: string): ArrayReader {
    const { reader, damaged } = this.#array(name)
    if (reader !== null) return reader
    throw new NumPackError('DAMAGED', `array '${name}' in ${this.path} can't be read: ${damaged ?? ''}`, {
      path: this.path,
      array: name,
      reason: damaged,
    })
  }

  /**
   * Returns how many bytes from an array's beginning can be read now (`ready`), and how many when all that was requested
   * is decompressed (`total`). Starts nothing. Throws the error that ended the decompression.
   */
  readyBytes(name: string): { readonly ready: number; readonly total: number } {
    const { spool } = this.#array(name)
    const total = this.reader(name).source.parts.reduce((sum, { bytes }) => sum + bytes, 0)
    if (spool === null) return { ready: total, total }
    const { ready, wanted } = spool.progress
    const requested = Math.min(total, wanted)
    return { ready: Math.min(requested, ready), total: requested }
  }

  /** Has the first `bytes` bytes of an array decompressed. Throws as reading does, also `NOT_READY` if it can't begin. */
  request(name: string, bytes: number): void {
    this.#array(name).spool?.request(bytes)
  }

  /** Closes the package and deletes the decompressed arrays. Idempotent. */
  close(): void {
    this.#closed = true
    this.#spools[Symbol.dispose]()
    this.#bitmaps[Symbol.dispose]()
    for (const { reader } of this.#arrays.values()) reader?.source.close()
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close()
  }

  #sorted(): [string, PackedArray][] {
    return [...this.#arrays].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  #array(name: string): PackedArray {
    this.#checkOpen()
    checkArrayName(name)
    const array = this.#arrays.get(name)
    if (array !== undefined) return array
    throw new NumPackError('NOT_FOUND', `there is no array '${name}' in ${this.path}.`, {
      path: this.path,
      array: name,
    })
  }

  #checkOpen(): void {
    if (!this.#closed) return
    throw closedError(this.path)
  }
}
