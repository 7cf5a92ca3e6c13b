import type { RealDType } from './sort-keys.ts'
import type { Extreme, Accumulator } from './accumulator.ts'

/**
 * dtypes of up to 16 bits: the number of occurrences of each bit pattern gives every statistic except the position of
 * the extremes. Kernels count raw patterns; the sorting happens once, at the end.
 */

export const patternsOf = (dtype: RealDType): number => (/8$|^bool$/.test(dtype) ? 256 : 65_536)

/** Returns the bin (see `SortKeys`) of each bit pattern, or -1 for a pattern that is not finite. */
export function binsOfPatterns(dtype: RealDType): Int32Array {
  const bins = new Int32Array(patternsOf(dtype))
  for (let pattern = 0; pattern < bins.length; pattern++) bins[pattern] = binOfPattern(dtype, pattern)
  return bins
}

/** Bits of a float16 (IEEE 754 binary16). */
const SIGN = 0x8000
const EXPONENT = 0x7c00
const FRACTION = 0x03ff

function binOfPattern(dtype: RealDType, pattern: number): number {
  if (dtype === 'bool') return pattern === 0 ? 0 : 1
  if (dtype === 'int8') return pattern ^ 0x80
  if (dtype === 'int16') return pattern ^ 0x8000
  if (dtype !== 'float16') return pattern
  if ((pattern & EXPONENT) === EXPONENT) return -1
  // -0 and 0 share a bin.
  if (pattern === SIGN) return SIGN
  return pattern > SIGN ? 0xffff - pattern : pattern | SIGN
}

/** Exact sum of integer products, kept in a float64 for as long as that is exact. */
class WholeSum {
  #exact = 0n
  #recent = 0

  add(a: number, b: number): void {
    const product = a * b
    if (Math.abs(product) > 2 ** 52) {
      this.#exact += BigInt(a) * BigInt(b)
      return
    }
    this.#recent += product
    if (Math.abs(this.#recent) > 2 ** 52) this.#flush()
  }

  get value(): bigint {
    this.#flush()
    return this.#exact
  }

  #flush(): void {
    this.#exact += BigInt(this.#recent)
    this.#recent = 0
  }
}

function integerSums(bins: Float64Array, offset: number): { sum: bigint; squares: bigint } {
  const sum = new WholeSum()
  const squares = new WholeSum()
  for (const [bin, count] of bins.entries()) {
    if (count === 0) continue
    sum.add(bin - offset, count)
    squares.add((bin - offset) ** 2, count)
  }
  return { sum: sum.value, squares: squares.value }
}

/** Exponent of 2^-24, the smallest float16, in units of `Accumulator.sum`. */
const LEAST_EXPONENT = 1074 - 24

function float16Sums(bins: Float64Array): { sum: bigint; squares: bigint } {
  const total = { sum: 0n, squares: 0n }
  for (let exponent = 0; exponent < 31; exponent++) {
    const sum = new WholeSum()
    const squares = new WholeSum()
    for (let fraction = 0; fraction < 1024; fraction++) {
      const pattern = (exponent << 10) | fraction
      const positive = bins[SIGN | pattern] as number
      const negative = bins[0x7fff - pattern] as number
      if (positive + negative === 0) continue
      const whole = exponent === 0 ? fraction : fraction | 1024
      sum.add(whole, positive - negative)
      squares.add(whole * whole, positive + negative)
    }
    const shift = LEAST_EXPONENT + Math.max(0, exponent - 1)
    total.sum += sum.value << BigInt(shift)
    total.squares += squares.value << BigInt(2 * shift)
  }
  return total
}

/** Computes the accumulator from the number of occurrences of each bit pattern. */
export function accumulatePatterns(
  dtype: RealDType,
  patterns: Float64Array,
  min: Extreme | null,
  max: Extreme | null,
): Accumulator {
  const order = binsOfPatterns(dtype)
  const bins = new Float64Array(patterns.length)
  let count = 0
  let nan = 0
  for (const [pattern, occurrences] of patterns.entries()) {
    const bin = order[pattern] as number
    count += occurrences
    if (bin >= 0) {
      bins[bin] = (bins[bin] as number) + occurrences
    } else if ((pattern & FRACTION) !== 0) nan += occurrences
  }
  const float = dtype === 'float16'
  const positiveInfinity = float ? (patterns[EXPONENT] as number) : 0
  const negativeInfinity = float ? (patterns[SIGN | EXPONENT] as number) : 0
  const offset = dtype === 'int8' ? 128 : dtype === 'int16' ? 32_768 : 0
  return {
    count,
    nan,
    positiveInfinity,
    negativeInfinity,
    zeros: bins[float ? SIGN : offset] as number,
    min,
    max,
    ...(float ? float16Sums(bins) : integerSums(bins, offset)),
    bins,
    registers: null,
    histogram: null,
  }
}
