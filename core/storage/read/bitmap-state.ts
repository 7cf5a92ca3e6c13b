import { crc32 } from 'node:zlib'
import { bitmapBytesOf } from '../../format/bitmap.ts'
import { type DType, itemsize } from '../../format/dtype.ts'
import { bitmapFileOf } from '../../format/names.ts'
import { sizeOf } from '../../array/indexing.ts'
import { mostBitmapBytes } from './bitmap-size.ts'
import { type FoundFile, readStoreFile, type StoreFolder } from './folder.ts'

/** Size of a bitmap file, and CRC-32 of its first `checkedBytesOf` bytes. */
export interface BitmapState {
  readonly size: number
  readonly crc: number
}

/** An array, as far as its bitmap depends on it. */
export interface BitmapOwner {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: DType | null
}

/** One byte more than the bitmap may have: enough to recognize it. */
export function checkedBytesOf({ shape, dtype }: BitmapOwner): number {
  const rowBytes = sizeOf(shape.slice(1)) * (dtype === null ? 0 : itemsize(dtype))
  return Math.min(bitmapBytesOf(shape[0] ?? 0), mostBitmapBytes(rowBytes)) + 1
}

/** Returns null if there is no bitmap file. Throws as `readStoreFile`. */
export function readBitmapState(folder: StoreFolder, owner: BitmapOwner, found: FoundFile): BitmapState | null {
  if (found.kind === 'missing') return null
  const { bytes, stat } = readStoreFile(folder, bitmapFileOf(owner.name), checkedBytesOf(owner), 'cut')
  return { size: stat.size, crc: crc32(bytes) }
}

export const isStateOf = (state: BitmapState | null, bytes: Uint8Array | null): boolean =>
  state === null || bytes === null ? state === bytes : state.size === bytes.length && state.crc === crc32(bytes)

export const isSameState = (a: BitmapState | null, b: BitmapState | null): boolean =>
  a?.size === b?.size && a?.crc === b?.crc
