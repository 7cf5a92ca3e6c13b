import { isUtf8 } from 'node:buffer'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { LIMITS } from '../format/limits.ts'

/** A naive implementation of docs/format.md 1.1 to 1.3 for judging the engine; null for an invalid file. */

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

export interface ReferenceRecord {
  name: string
  shape: bigint[]
  dataFile: string
  sizeBytes: bigint
  dtypeCode: number
  algorithm: number
}

export function referenceMetadata(file: Uint8Array): Map<string, ReferenceRecord> | null {
  const bytes = Buffer.from(file)
  try {
    if (bytes.toString('latin1', 0, 4) !== 'NPKB' || bytes.readUInt32LE(4) !== 1) return null
    let at = 20
    const u32 = (): number => bytes.readUInt32LE((at += 4) - 4)
    const u64 = (): bigint => bytes.readBigUInt64LE((at += 8) - 8)
    const field = (): Buffer => {
      const length = u32()
      at += length
      if (at > bytes.length) throw new RangeError('text beyond the end')
      return bytes.subarray(at - length, at)
    }
    const records = new Map<string, ReferenceRecord>()
    const count = bytes.readUInt32LE(16)
    for (let index = 0; index < count; index++) {
      const name = referenceName(field(), index)
      const shape: bigint[] = []
      for (let axes = u32(); axes > 0; axes--) shape.push(u64())
      const dataFile = field().toString('utf8')
      u64()
      const sizeBytes = u64()
      const dtypeCode = bytes.readUInt8(at++)
      const algorithm = bytes.readUInt8(at)
      const blocks = bytes.readUInt8(at + 21)
      at += 22
      if (blocks !== 0) {
        at += 17
        const blockBytes = 24 * u32()
        at += blockBytes
      }
      if (at > bytes.length) return null
      records.set(name, { name, shape, dataFile, sizeBytes, dtypeCode, algorithm })
    }
    return records
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const escaped = (byte: number): string =>
  byte < 128 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`

/**
 * Decodes a name; one that is not UTF-8 has backslashes and non-ASCII bytes as `\xff`. Of a name that is far too long,
 * the beginning is kept, with the number of its record.
 */
function referenceName(bytes: Buffer, index: number): string {
  if (bytes.length > LIMITS.textBytes) {
    // A decoder that expects more drops the character that the cut divides.
    return `${new StringDecoder('utf8').write(bytes.subarray(0, LIMITS.textBytes))}… #${index}`
  }
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return Array.from(bytes, escaped).join('')
}

export const REFERENCE_ITEMSIZE = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16] as const

export function referenceActive(file: Uint8Array, rows: number): { active: number[]; torn: boolean } | null {
  const bytes = Buffer.from(file)
  const wordBytes = 8 * Math.ceil(rows / 64)
  const headed =
    bytes.length >= 16 &&
    bytes.readBigUInt64LE(0) === BigInt(rows) &&
    bytes.readBigUInt64LE(8) <= bytes.readBigUInt64LE(0)
  if (!headed && bytes.length !== wordBytes) return null
  const words = headed ? bytes.subarray(16) : bytes
  const isActive = (row: number): boolean => {
    const byte = words[row >> 3]
    return byte === undefined || ((byte >> (row & 7)) & 1) === 1
  }
  return {
    active: Array.from({ length: rows }, (_, row) => row).filter(isActive),
    torn: headed && bytes.length !== 16 + wordBytes,
  }
}

/** Returns [file, rows] of each segment, or null if the list does not describe this array. */
export function referenceSegments(file: Uint8Array, rows: number, rowBytes: number): [string, number][] | null {
  try {
    const list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file)) as {
      version: number
      segments: { file: string; rows: number; bytes: number }[]
    }
    if (list.version !== 1) return null
    let total = 0n
    for (const segment of list.segments) {
      const { rows: count, bytes } = segment
      if (typeof segment.file !== 'string' || !(count >= 0) || BigInt(count) > MAX_SAFE) return null
      if (BigInt(count) * BigInt(rowBytes) !== BigInt(bytes)) return null
      if (segment.file.split(/[/\\]/).includes('..') || /^([/\\]|[a-z]:)/i.test(segment.file)) return null
      total += BigInt(count)
    }
    // A segment lies in its array's folder, so no path has more than two names.
    if (list.segments.some(({ file }) => /[/\\].*[/\\]/s.test(file))) return null
    return total === BigInt(rows) ? list.segments.map(segment => [segment.file, segment.rows]) : null
  } catch {
    // Whatever a broken list raises, it is not a segment list.
    return null
  }
}

/** docs/format.md 1.4: any byte other than 0 is true. */
const BOOL_CODE = 0

export function referenceElements(folder: string, record: ReferenceRecord): Buffer | null {
  const elements = storedElements(folder, record)
  return record.dtypeCode === BOOL_CODE ? elements && Buffer.from(elements.map(byte => Math.min(byte, 1))) : elements
}

function storedElements(folder: string, record: ReferenceRecord): Buffer | null {
  const itemsize = REFERENCE_ITEMSIZE[record.dtypeCode]
  if (itemsize === undefined || record.algorithm !== 0) return null
  const bytes = record.shape.reduce((product, axis) => product * axis, BigInt(itemsize))
  const [rowCount = 1n] = record.shape
  if (bytes > MAX_SAFE || rowCount > MAX_SAFE) return null
  const rows = Number(rowCount)
  const rowBytes = rows === 0 ? 0 : Number(bytes) / rows
  const data = dataOf(folder, record.dataFile, rows, rowBytes)
  if (data === null || data.length < Number(bytes)) return null
  const bitmap = activeOf(folder, record)
  if (bitmap === undefined) return data.subarray(0, Number(bytes))
  return bitmap && Buffer.concat(bitmap.active.map(row => data.subarray(row * rowBytes, (row + 1) * rowBytes)))
}

/** Reads the array's bitmap; undefined if it has none (or no rows: 0-D), null if it is invalid. */
function activeOf(folder: string, { name, shape }: ReferenceRecord): ReturnType<typeof referenceActive> | undefined {
  const file = join(folder, `deleted_${name}.npkb`)
  return shape.length > 0 && existsSync(file) ? referenceActive(readFileSync(file), Number(shape[0])) : undefined
}

export const isTorn = (folder: string, record: ReferenceRecord): boolean => activeOf(folder, record)?.torn ?? false

function dataOf(folder: string, file: string, rows: number, rowBytes: number): Buffer | null {
  if (/[/\\].*[/\\]/s.test(file)) return null
  const path = join(folder, file)
  if (!existsSync(path) || !statSync(path).isFile()) return null
  const content = readFileSync(path)
  if (!file.endsWith('.npkseg')) return content
  const segments = referenceSegments(content, rows, rowBytes)
  if (segments === null) return null
  const parts = segments.map(([segment, count]) => {
    const part = dataOf(folder, segment, count, rowBytes)
    return part === null || part.length < count * rowBytes ? null : part.subarray(0, count * rowBytes)
  })
  return parts.every(part => part !== null) ? Buffer.concat(parts) : null
}
