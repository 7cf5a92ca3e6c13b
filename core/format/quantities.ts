/** Quantities as text, the same in the window and on a terminal. */

/** Sentences are English on every system; `navigator.language` may not even be a valid language tag (en-US@posix). */
export const LANGUAGE = 'en'

const WHOLE = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 })

/** Formats an integer with thousands separators: '4,812,337'. */
export const count = (value: number | bigint): string => WHOLE.format(value)

/** Formats a count with its noun: '1 row', '2 rows'. */
export const countOf = (value: number, singular: string, plural = `${singular}s`): string =>
  `${count(value)} ${value === 1 ? singular : plural}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Formats bytes in decimal units with three digits: '512 B', '80.0 MB', '4.00 GB'. */
export function bytesText(bytes: number): string {
  let unit = 0
  let value = bytes
  // 999.5 would round to '1000'.
  for (; value >= 999.5 && unit < UNITS.length - 1; value /= 1000) unit++
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

/** Formats a shape: '60,000 × 28 × 28'; '' for 0-D. */
export const shapeText = (shape: readonly number[]): string => shape.map(count).join(' × ')

/** Formats a share in percent, never rounded to 0 or 100 unless it is: '1.3%', '<0.1%'. */
export function percentText(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%'
  if (part >= whole) return '100%'
  const percent = (100 * part) / whole
  if (percent < 0.1) return '<0.1%'
  return percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`
}

/** Formats milliseconds with their significant digits: '0.4 ms', '3.1 ms', '120 ms', '2.4 s'. */
export function durationText(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}

/** Formats a rate: '512 B/s', '160 MB/s'. */
export const rateText = (bytesPerSecond: number): string => `${bytesText(Math.round(bytesPerSecond))}/s`

/** Formats a remaining time no more precisely than it can be known: '8 s', '2 min 5 s', '3 h 20 min'. */
export function timeLeftText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
