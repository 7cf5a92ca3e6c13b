/** Sentences are English on every system; `navigator.language` may not even be a valid language tag (en-US@posix). */
export const LANGUAGE = 'en'

const WHOLE = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 })

/** A whole number with thousands separators: '4,812,337'. */
export const formatInteger = (value: number | bigint): string => WHOLE.format(value)

/** A count with its noun: '1 row', '2 rows'. */
export const pluralize = (value: number, singular: string, plural = `${singular}s`): string =>
  `${formatInteger(value)} ${value === 1 ? singular : plural}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Bytes in decimal units with three digits: '512 B', '80.0 MB', '4.00 GB'. */
export function formatBytes(bytes: number): string {
  let unit = 0
  let value = bytes
  // 999.5 would round to '1000'.
  for (; value >= 999.5 && unit < UNITS.length - 1; value /= 1000) unit++
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

/** A shape with multiplication signs: '60,000 × 28 × 28'; '' for 0-D. */
export const formatShape = (shape: readonly number[]): string => shape.map(formatInteger).join(' × ')

/** A part of a whole in percent, never rounded to 0 or 100 when it is neither: '1.3%', '<0.1%', '2,253%'. */
export function formatPercent(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%'
  if (part === whole) return '100%'
  const percent = (100 * part) / whole
  if (part > whole) return percent < 100.5 ? '>100%' : `${formatInteger(Math.round(percent))}%`
  if (percent < 0.1) return '<0.1%'
  return percent > 99.9 ? '>99.9%' : `${percent.toFixed(1)}%`
}

/** Milliseconds with the digits that mean something: '0.4 ms', '3.1 ms', '120 ms', '2.4 s'. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(Math.round(bytesPerSecond))}/s`

/** How long something will take, never more exact than it can be known: '8 s', '2 min 5 s', '3 h 20 min'. */
export function formatTimeLeft(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
