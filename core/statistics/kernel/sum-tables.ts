import { SQUARES, SUMS } from './memory-layout'

/**
 * Exact sums. Entry w of a table holds multiples of 2^w units (2^-1074 for elements, 2^-2148 for squares) as two 64-bit
 * integers: the sum of the lower 32 bits of the added numbers and the sum of the bits above. Each takes 2^31 additions
 * before it could overflow.
 */

function addAt(table: usize, weight: i32, mantissa: u64, negative: bool): void {
  const entry = table + ((<usize>weight) << 4)
  const low = <i64>(mantissa & 0xffffffff)
  const high = <i64>(mantissa >> 32)
  store<i64>(entry, load<i64>(entry) + (negative ? -low : low))
  store<i64>(entry, load<i64>(entry, 8) + (negative ? -high : high), 8)
}

function exponentOf(bits: u64): i32 {
  return max<i32>(1, <i32>((bits >> 52) & 0x7ff))
}

function mantissaOf(bits: u64): u64 {
  const fraction = bits & 0xfffffffffffff
  return ((bits >> 52) & 0x7ff) == 0 ? fraction : fraction | 0x10000000000000
}

/** Adds value · 2^shift, a multiple of 2^-1074, to the sum. */
export function addToSum(value: f64, shift: i32): void {
  if (value == 0) return
  const bits = reinterpret<u64>(value)
  addScaled(SUMS, exponentOf(bits) - 1 + shift, mantissaOf(bits), bits >> 63 != 0)
}

/** Adds value · 2^shift, a multiple of 2^-2148, to the sum of squares. */
export function addToSquares(value: f64, shift: i32): void {
  if (value == 0) return
  const bits = reinterpret<u64>(value)
  addScaled(SQUARES, exponentOf(bits) - 1 + 1074 + shift, mantissaOf(bits), bits >> 63 != 0)
}

function addScaled(table: usize, weight: i32, mantissa: u64, negative: bool): void {
  // Bits below the unit are zero.
  if (weight < 0) addAt(table, 0, mantissa >> <u64>-weight, negative)
  else addAt(table, weight, mantissa, negative)
}

/** Adds a value to the sum and its square to the sum of squares. */
export function addExactly(value: f64): void {
  addToSum(value, 0)
  const bits = reinterpret<u64>(value)
  const mantissa = mantissaOf(bits)
  const weight = 2 * (exponentOf(bits) - 1)
  const a = mantissa >> 32
  const b = mantissa & 0xffffffff
  // (a·2^32 + b)² = a²·2^64 + a·b·2^33 + b²
  addAt(SQUARES, weight + 64, a * a, false)
  addAt(SQUARES, weight + 33, a * b, false)
  addAt(SQUARES, weight, b * b, false)
}
