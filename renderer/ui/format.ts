import type { DType } from '../../core/format/dtype.ts'
import { LANGUAGE, formatShape } from '../../core/format/quantities.ts'

export { baseName } from '../../core/format/base-name.ts'
export {
  formatBytes,
  formatInteger,
  pluralize,
  formatDuration,
  formatPercent,
  formatRate,
  formatShape,
  formatTimeLeft,
} from '../../core/format/quantities.ts'

/** Only a damaged array claims a shape beyond 2^53; the numbers are inexact here, the damage names them. */
export function formatShapeOrScalar(shape: readonly number[]): string {
  if (!shape.every(Number.isSafeInteger)) return 'impossible shape'
  return shape.length === 0 ? 'scalar' : formatShape(shape)
}

/** Turns a phrase into a sentence: 'its file is missing' -> 'Its file is missing.' */
export function toSentence(phrase: string): string {
  const text = phrase.trim()
  const end = /[.!?]$/.test(text) ? '' : '.'
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${end}`
}

export const formatHex = (bytes: Uint8Array, separator = ' '): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(separator)

export type DTypeKind = 'float' | 'int' | 'uint' | 'bool' | 'complex'

export const kindOfDType = (dtype: DType): DTypeKind =>
  (['uint', 'int', 'bool', 'complex'] as const).find(kind => dtype.startsWith(kind)) ?? 'float'

const isSeparator = (character: string | undefined): boolean => character === '/' || character === '\\'

export function abbreviateHome(path: string, home: string): string {
  if (path === home) return '~'
  return path.startsWith(home) && isSeparator(path[home.length]) ? `~${path.slice(home.length)}` : path
}

/** Returns the parent folder without a trailing separator; a root is its own parent. */
export function parentPath(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return end > 0 ? path.slice(0, end) : path.slice(0, end + 1) || path
}

/** Removes the path that an error message begins with, when the context names the file. */
export const removePath = (message: string, path: string): string =>
  message.startsWith(`${path}: `) ? toSentence(message.slice(path.length + 2)) : message

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['week', 7 * 86_400],
  ['month', 30.44 * 86_400],
  ['year', 365.25 * 86_400],
]

const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' })

/** Formats an age: 'just now', '2 hours ago', 'yesterday'. Both times in milliseconds since 1970. */
export function formatAge(time: number, now: number): string {
  const seconds = (now - time) / 1000
  const step = STEPS.findLast(([, size]) => seconds >= size)
  return step ? RELATIVE.format(-Math.floor(seconds / step[1]), step[0]) : 'just now'
}

/** Milliseconds from 1970 to either end of the calendar of ECMAScript. */
const LAST_TIME = 8.64e15

const EXACT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' })

/** Formats a time to the minute. Replaces Intl's narrow space, which would be shown as an escape. */
/** For the `dateTime` of an element; undefined for an impossible time. */
export const isoTime = (time: number): string | undefined =>
  Math.abs(time) <= LAST_TIME ? new Date(time).toISOString() : undefined

export const formatTime = (time: number): string =>
  Math.abs(time) <= LAST_TIME ? EXACT.format(time).replaceAll('\u202f', ' ') : 'impossible time'

/** Formats microseconds since 1970, the unit of NumPack. */
export const formatMicroseconds = (time: number): string => formatTime(time / 1000)
