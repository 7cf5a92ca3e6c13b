import { isWide, shareBetween, sortedFinite, type Value, type Values } from '../../../../core/format/values.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { TABLE_SIZE } from './colour-maps.ts'

export type ValueRange = readonly [low: Value, high: Value]

/** Returns the range without `share` of the finite values at each end; null when no value is finite. */
export function percentileExtent(values: Values, share: number): ValueRange | null {
  const sorted = sortedFinite(values)
  if (sorted.length === 0) return null
  const cut = Math.floor(share * sorted.length)
  return [sorted[cut]!, sorted[sorted.length - 1 - cut]!]
}

const absolute = (value: Value): Value => (value < 0 ? -value : value)

/** Widens a range to one with 0 in its middle. */
export function symmetricRange([low, high]: ValueRange): ValueRange {
  const side = absolute(low) > absolute(high) ? absolute(low) : absolute(high)
  return [-side, side]
}

/** Paints one number per pixel with a colour table. NaN stays transparent; infinities get the end colours. */
export function paintValues(
  values: Values,
  table: Uint8ClampedArray,
  [low, high]: ValueRange,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length)
  const shareOf = shareBetween(low, high)
  for (let i = 0; i < values.length; i++) {
    const share = shareOf(values[i]!)
    if (share !== share) continue
    const at = 4 * Math.round(Math.min(1, Math.max(0, share)) * (TABLE_SIZE - 1))
    pixels[4 * i] = table[at]!
    pixels[4 * i + 1] = table[at + 1]!
    pixels[4 * i + 2] = table[at + 2]!
    pixels[4 * i + 3] = 255
  }
  return pixels
}

/** Paints red, green, blue (and alpha) channels. A pixel with NaN in one of them stays transparent. */
export function paintChannels(
  values: Values,
  channels: number,
  [low, high]: ValueRange,
): Uint8ClampedArray<ArrayBuffer> {
  const count = values.length / channels
  const pixels = new Uint8ClampedArray(4 * count).fill(255)
  const shareOf = shareBetween(low, high)
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const share = shareOf(values[channel * count + i]!)
      if (share !== share) {
        pixels[4 * i + 3] = 0
        break
      }
      pixels[4 * i + channel] = 255 * share
    }
  }
  return pixels
}

/**
 * Returns the values of dark and full brightness: those of the dtype, else 0 to 1 for floats within it, else those of
 * the narrowest unsigned integer that holds all values, else the values' own range.
 */
export function colourRange(dtype: DType, range: ValueRange | null): ValueRange {
  if (dtype === 'uint8') return [0, 255]
  if (dtype === 'uint16') return [0, 65_535]
  if (range === null || dtype === 'bool') return [0, 1]
  const [low, high] = range
  const isInteger = /^u?int/.test(dtype)
  if (low < 0) return range
  if (!isInteger && high <= 1) return [0, 1]
  const most = [255, 65_535].find(limit => high <= limit)
  if (most === undefined || (!isInteger && most > 255)) return range
  return isWide(dtype) ? [0n, BigInt(most)] : [0, most]
}
