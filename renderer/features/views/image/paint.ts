import { TABLE_SIZE } from './colour-maps.ts'

export type ValueRange = readonly [low: number, high: number]

export function extent(values: Float64Array): ValueRange | null {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low && value !== -Infinity) low = value
    if (value > high && value !== Infinity) high = value
  }
  return low <= high ? [low, high] : null
}

/** Returns the range without `share` of the finite values at each end; null when there is none. */
export function percentileExtent(values: Float64Array, share: number): ValueRange | null {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return null
  const cut = Math.floor(share * sorted.length)
  return [sorted[cut]!, sorted[sorted.length - 1 - cut]!]
}

export function balanced([low, high]: ValueRange): ValueRange {
  const side = Math.max(Math.abs(low), Math.abs(high))
  return [-side, side]
}

/** Paints one number per pixel with a colour table. NaN stays transparent; infinities get the end colours. */
export function paintValues(
  values: Float64Array,
  table: Uint8ClampedArray,
  [low, high]: ValueRange,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length)
  const scale = high > low ? (TABLE_SIZE - 1) / (high - low) : 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value) continue
    const place =
      scale === 0 ? (value > low ? TABLE_SIZE - 1 : value < low ? 0 : TABLE_SIZE >> 1) : (value - low) * scale
    const at = 4 * Math.round(Math.min(TABLE_SIZE - 1, Math.max(0, place)))
    pixels[4 * i] = table[at]!
    pixels[4 * i + 1] = table[at + 1]!
    pixels[4 * i + 2] = table[at + 2]!
    pixels[4 * i + 3] = 255
  }
  return pixels
}

export function paintChannels(
  values: Float64Array,
  channels: number,
  [low, high]: ValueRange,
): Uint8ClampedArray<ArrayBuffer> {
  const count = values.length / channels
  const pixels = new Uint8ClampedArray(4 * count).fill(255)
  const scale = high > low ? 255 / (high - low) : 255
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < count; i++) pixels[4 * i + channel] = (values[channel * count + i]! - low) * scale
  return pixels
}

/** Returns the values of dark and full brightness: the dtype's range, or 0 to 1 for floats within it. */
export function colourRange(dtype: string, range: ValueRange | null): ValueRange {
  if (dtype === 'uint8') return [0, 255]
  if (dtype === 'uint16') return [0, 65_535]
  if (range === null || (dtype.startsWith('float') && range[0] >= 0 && range[1] <= 1)) return [0, 1]
  return range[0] >= 0 && range[1] > 1 && range[1] <= 255 ? [0, 255] : range
}
