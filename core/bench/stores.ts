import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DType } from '../format/dtype.ts'
import { itemsize } from '../format/dtype.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { bitmapFileOf } from '../format/names.ts'
import { xorshift } from './harness.ts'

export interface ArrayToMake {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly filled: boolean
  /** Whether to delete one row in eight, at random. */
  readonly holes: boolean
}

const CHUNK_BYTES = 2 ** 22

function writeElements(path: string, bytes: number, filled: boolean): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  if (filled) {
    const random = xorshift(7)
    // Small whole numbers as float32 are also harmless when read as any other dtype.
    const chunk = Float32Array.from({ length: CHUNK_BYTES / 4 }, () => random() % 1000)
    for (let at = 0; at < bytes; at += CHUNK_BYTES) writeSync(file, chunk, 0, Math.min(CHUNK_BYTES, bytes - at), at)
  }
  closeSync(file)
}

/** Writes a bitmap (docs/format.md 1.2) in which one row in eight is deleted, at random. */
function writeBitmap(path: string, rows: number): void {
  const random = xorshift(11)
  const bitmap = new Uint32Array(4 + 2 * Math.ceil(rows / 64))
  let active = 0
  for (let i = 4, left = rows; left > 0; i++, left -= 32) {
    const inside = left >= 32 ? 0xffffffff : 2 ** left - 1
    let word = (random() | random() | random()) & inside
    bitmap[i] = word
    for (; word !== 0; word &= word - 1) active++
  }
  const counts = new BigUint64Array(bitmap.buffer, 0, 2)
  counts[0] = BigInt(rows)
  counts[1] = BigInt(rows - active)
  writeFileSync(path, bitmap)
}

export function makeStore(folder: string, name: string, arrays: readonly ArrayToMake[]): string {
  const store = join(folder, name)
  mkdirSync(store)
  const records = arrays.map(({ name, dtype, shape, filled, holes }) => {
    const dataFile = `data_${name}.npkd`
    const sizeBytes = shape.reduce((product, length) => product * length, itemsize(dtype))
    writeElements(join(store, dataFile), sizeBytes, filled)
    if (holes) writeBitmap(join(store, bitmapFileOf(name)), shape[0]!)
    return { name, dtype, shape, dataFile, sizeBytes, lastModified: Date.now() * 1000 }
  })
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata(records))
  return store
}

const COLUMNS = 100
const CHUNK_ROWS = 4096

/** Makes a store with one float32 array. Noise hardly compresses; rounded to two digits, it compresses to 0.4. */
export function makeFloatStore(folder: string, name: string, kind: 'noise' | 'rounded', bytes: number): string {
  const store = join(folder, name)
  mkdirSync(store)
  const random = xorshift(3)
  const rows = Math.floor(bytes / 4 / COLUMNS)
  const chunk = new Float32Array(COLUMNS * CHUNK_ROWS)
  const file = openSync(join(store, 'data_a.npkd'), 'w')
  for (let row = 0; row < rows; row += CHUNK_ROWS) {
    for (let i = 0; i < chunk.length; i++) {
      const value = (random() + random() + random()) / 2 ** 32 - 1.5
      chunk[i] = kind === 'noise' ? value : Math.round(value * 100) / 100
    }
    writeSync(file, chunk, 0, 4 * COLUMNS * Math.min(CHUNK_ROWS, rows - row))
  }
  closeSync(file)
  const sizeBytes = rows * COLUMNS * 4
  const record = { name: 'a', dtype: 'float32', shape: [rows, COLUMNS], dataFile: 'data_a.npkd', sizeBytes } as const
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([{ ...record, lastModified: 1 }]))
  return store
}
