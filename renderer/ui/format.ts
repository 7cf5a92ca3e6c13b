import type { DType } from '../../core/format/dtype.ts'

/** Sentences are English whatever the system speaks; `navigator.language` may even be no language tag at all (en-US@posix). */
const LANGUAGE = 'en'

const WHOLE = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 })

/** A whole number with thousands separators: '4,812,337'. */
export const count = (value: number): string => WHOLE.format(value)

/** A count with its noun: '1 row', '2 rows'. */
export const countOf = (value: number, singular: string, plural = `${singular}s`): string =>
  `${count(value)} ${value === 1 ? singular : plural}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Bytes in decimal units with three digits: '512 B', '80.0 MB', '4.00 GB'. */
export function bytesText(bytes: number): string {
  let unit = 0
  let value = bytes
  // 999.5 would be written as '1000'.
  for (; value >= 999.5 && unit < UNITS.length - 1; value /= 1000) unit++
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

/** A shape with multiplication signs: '60,000 × 28 × 28'; '' for 0-D. */
export const shapeText = (shape: readonly number[]): string => shape.map(count).join(' × ')

/** A phrase as a sentence of its own: 'its file is missing' -> 'Its file is missing.' */
export function asSentence(phrase: string): string {
  const text = phrase.trim()
  const end = /[.!?]$/.test(text) ? '' : '.'
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${end}`
}

/** A share of a whole in percent, never rounded to 0 or 100 when it is neither: '1.3%', '<0.1%'. */
export function percentText(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%'
  if (part >= whole) return '100%'
  const percent = (100 * part) / whole
  if (percent < 0.1) return '<0.1%'
  return percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`
}

/** Bytes as pairs of hexadecimal digits: '92 df a1 be'. */
export const hexText = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')

/** The kind of a dtype, which decides its colour. */
export type DTypeKind = 'float' | 'int' | 'uint' | 'bool' | 'complex'

export const kindOfDType = (dtype: DType): DTypeKind =>
  (['uint', 'int', 'bool', 'complex'] as const).find(kind => dtype.startsWith(kind)) ?? 'float'

const isSeparator = (character: string | undefined): boolean => character === '/' || character === '\\'

/** A path with the home folder as '~'. */
export function homePath(path: string, home: string): string {
  if (path === home) return '~'
  return path.startsWith(home) && isSeparator(path[home.length]) ? `~${path.slice(home.length)}` : path
}

/** The folder that a path lies in, without the separator at its end; the path itself at a root. */
export function parentPath(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return end > 0 ? path.slice(0, end) : path.slice(0, end + 1) || path
}

/** The last part of a path. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** An error's sentence without the path that it begins with, where it is plain which file is meant. */
export const withoutPath = (message: string, path: string): string =>
  message.startsWith(`${path}: `) ? asSentence(message.slice(path.length + 2)) : message

/** A time to wait: '8 s', '3 min', '2 h 5 min'. */
export function secondsText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['week', 7 * 86_400],
  ['month', 30.44 * 86_400],
  ['year', 365.25 * 86_400],
]

const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' })

/** How long ago a time was: 'just now', '2 hours ago', 'yesterday'. Both in milliseconds since 1970. */
export function relativeTime(time: number, now: number): string {
  const seconds = (now - time) / 1000
  const step = STEPS.findLast(([, size]) => seconds >= size)
  return step ? RELATIVE.format(-Math.floor(seconds / step[1]), step[0]) : 'just now'
}

const EXACT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'full', timeStyle: 'short' })

/** A time in full, in the user's time zone. */
export const exactTime = (time: number): string => EXACT.format(time)

/** Milliseconds with the digits that mean something: '0.4 ms', '3.1 ms', '120 ms', '2.4 s'. */
export function durationText(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}
