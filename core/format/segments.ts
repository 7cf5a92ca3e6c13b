import { parseForeignJson } from './bounded.ts'
import { LIMITS } from './limits.ts'
import { liesTooDeep, staysInside } from './names.ts'
import { excerpt } from './short-text.ts'

/** `data_<name>.npkseg`: the files that together hold one array (docs/format.md 1.3). */

export interface Segment {
  readonly file: string
  readonly rows: number
  readonly bytes: number
}

/** Returns a sentence about the problem if the list is unreadable or does not match the array. */
export function decodeSegments(bytes: Uint8Array, rows: number, rowBytes: number): Segment[] | string {
  if (bytes.length > LIMITS.segmentListBytes) {
    return `its segment list has ${bytes.length} bytes; at most ${LIMITS.segmentListBytes} are read`
  }
  let list: unknown
  try {
    list = parseForeignJson(bytes)
  } catch (error) {
    return error instanceof RangeError ? `its segment list holds ${error.message}` : 'its segment list is not JSON'
  }
  if (!isObject(list) || !Array.isArray(list.segments)) return 'its segment list has no segments'
  if (list.version !== 1) {
    const version = typeof list.version === 'number' ? list.version : 'unknown'
    return `its segment list was written by a newer NumPack (version ${version})`
  }
  if (list.segments.length > LIMITS.segments) {
    return `its segment list names ${list.segments.length} segments; at most ${LIMITS.segments} are possible`
  }
  const segments: Segment[] = []
  let total = 0
  for (const [index, segment] of list.segments.entries()) {
    if (!isObject(segment) || typeof segment.file !== 'string' || !isCount(segment.rows) || !isCount(segment.bytes)) {
      return `segment ${index} of its segment list is not { file, rows, bytes }`
    }
    const { file, rows, bytes } = segment
    if (!staysInside(file)) return `segment ${index} lies outside the store (${excerpt(file)})`
    if (liesTooDeep(file))
      return `segment ${index} lies too deep in the store (${excerpt(file)}); it can be in one folder at most`
    if (bytes !== rows * rowBytes) return `segment ${index} has ${bytes} bytes for ${rows} rows of ${rowBytes} bytes`
    total += rows
    segments.push({ file, rows, bytes })
  }
  if (total !== rows) return `its segments hold ${total} rows, its shape says ${rows}`
  return segments
}

export function namesOfSegments(bytes: Uint8Array): string[] {
  let list: unknown
  try {
    list = parseForeignJson(bytes, { fatal: false })
  } catch {
    return []
  }
  if (!isObject(list) || !Array.isArray(list.segments)) return []
  return list.segments
    .slice(0, LIMITS.segments)
    .flatMap(segment => (isObject(segment) && typeof segment.file === 'string' ? [segment.file] : []))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
