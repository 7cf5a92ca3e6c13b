import { bitmapBytesOf } from '../../format/bitmap.ts'
import { NumPackError } from '../../format/errors.ts'
import { RowMap } from '../../array/rowmap.ts'
import { mostBitmapBytes } from '../read/bitmap-size.ts'
import type { ArrayReader } from '../read/reader.ts'

const HEADER_BYTES = 16

/** Editable content of `deleted_<name>.npkb` (docs/format.md 1.2). */
export class EditableBitmap {
  readonly #rows: number
  readonly #bytes: Uint8Array
  /** Row i is bit `i % 32` of word `i / 32`, 1 = active; the bits after the last row are 0. */
  readonly #words: Int32Array
  #deleted: number

  /** Throws `SHAPE` for more rows than a bitmap can hold. */
  constructor({ name, rowMap, rowBytes }: Pick<ArrayReader, 'name' | 'rowMap' | 'rowBytes'>, rows: number) {
    checkRows(name, rows, rowBytes)
    this.#rows = rows
    this.#bytes = new Uint8Array(bitmapBytesOf(rows))
    this.#words = new Int32Array(this.#bytes.buffer, HEADER_BYTES)
    this.#deleted = 0
    const known = rowMap === null ? 0 : Math.floor(rowMap.rows / 32)
    this.#activate(known, rows)
    if (rowMap === null) return
    this.#words.set(rowMap.words.subarray(0, known))
    for (let row = known * 32; row < rowMap.rows; row++) if (!rowMap.isActive(row)) this.drop(row)
    this.#deleted = rowMap.deletedRows
  }

  get deleted(): number {
    return this.#deleted
  }

  drop(row: number): boolean {
    return this.#put(row, false)
  }

  dropAll(rows: Float64Array): void {
    const words = this.#words
    let dropped = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number
      const index = Math.floor(row / 32)
      const mask = 1 << (row & 31)
      const word = words[index] as number
      words[index] = word & ~mask
      dropped += (word & mask) === 0 ? 0 : 1
    }
    this.#deleted += dropped
  }

  restore(row: number): boolean {
    return this.#put(row, true)
  }

  /** Deletes the physical rows [start, stop), `active` of which are active. */
  dropRange(start: number, stop: number, active: number): void {
    const deleted = this.#deleted + active
    const firstWhole = Math.min(stop, Math.ceil(start / 32) * 32)
    const lastWhole = Math.max(firstWhole, Math.floor(stop / 32) * 32)
    for (let row = start; row < firstWhole; row++) this.drop(row)
    this.#words.fill(0, firstWhole / 32, lastWhole / 32)
    for (let row = lastWhole; row < stop; row++) this.drop(row)
    this.#deleted = deleted
  }

  /** Encodes rows u64, deleted rows u64, words. The result shares memory with the bitmap. */
  encode(): Uint8Array {
    const view = new DataView(this.#bytes.buffer)
    view.setBigUint64(0, BigInt(this.#rows), true)
    view.setBigUint64(8, BigInt(this.#deleted), true)
    return this.#bytes
  }

  /** Shares memory: don't change the bitmap afterwards. */
  toRowMap(): RowMap {
    return new RowMap(new Uint32Array(this.#bytes.buffer, HEADER_BYTES), this.#rows)
  }

  #put(row: number, active: boolean): boolean {
    const index = Math.floor(row / 32)
    // `row % 32` is ten times slower for numbers that may exceed 2^31.
    const mask = 1 << (row & 31)
    const word = this.#words[index] as number
    if (((word & mask) !== 0) === active) return false
    this.#words[index] = active ? word | mask : word & ~mask
    this.#deleted += active ? -1 : 1
    return true
  }

  #activate(first: number, stop: number): void {
    const whole = Math.floor(stop / 32)
    this.#words.fill(-1, first, whole)
    if (stop % 32 > 0) this.#words[whole] = 0xffffffff >>> (32 - (stop % 32))
  }
}

function checkRows(name: string, rows: number, rowBytes: number): void {
  const bytes = bitmapBytesOf(rows)
  const most = mostBitmapBytes(rowBytes)
  if (bytes <= most) return
  throw new NumPackError(
    'SHAPE',
    `array '${name}' has ${rows} rows${rowBytes === 0 ? ' without elements' : ''}: too many to delete some of them ` +
      `(that would take a bitmap of ${bytes} bytes, at most ${most} are possible). Save it in parts, or remove it.`,
    { array: name, rows, bytes },
  )
}

/** Throws `DAMAGED` for an array with a torn bitmap: the result of a change would be undefined. */
export function checkNotTorn(reader: ArrayReader, warnings: readonly string[]): void {
  const torn = warnings.find(warning => /bitmap is torn/.test(warning))
  if (torn === undefined) return
  throw new NumPackError(
    'DAMAGED',
    `array '${reader.name}' can't be changed: its ${torn}. Save it under a new name (load, then save), or restore the file.`,
    { array: reader.name },
  )
}
