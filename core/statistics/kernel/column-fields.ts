/** The fields of ../accumulators/column-accumulator.ts, then the shifts. */

const NAN: usize = 0
const POSITIVE: usize = 1
const NEGATIVE: usize = 2
const ZEROS: usize = 3
export const MIN: usize = 4
export const MAX: usize = 5
export const MIN_AT: usize = 6
export const MAX_AT: usize = 7
export const SUM: usize = 8
export const SUM_REST: usize = 9
export const SQUARES: usize = 10
export const SQUARES_REST: usize = 11
export const SHIFT: usize = 12
const FIELDS: usize = 13

/**
 * Entries of a field: the columns, padded to a multiple of four. Vectors write past the last column into the padding.
 */
let stride: usize = 0
let state: usize = 0

/** Allocates the fields of this many columns; returns their address. */
export function startColumns(columns: i32): usize {
  stride = <usize>((columns + 3) & ~3)
  const bytes = FIELDS * stride * 8
  state = (<usize>memory.grow(<i32>((bytes + 65_535) >> 16))) << 16
  for (let i: usize = 0; i < stride; i++) {
    store<f64>(field(MIN, i), Infinity)
    store<f64>(field(MAX, i), -Infinity)
    store<f64>(field(MIN_AT, i), Infinity)
    store<f64>(field(MAX_AT, i), Infinity)
  }
  return state
}

export function field(number: usize, column: usize): usize {
  return state + ((number * stride + column) << 3)
}

export function addZeros(column: usize, count: f64): void {
  const at = field(ZEROS, column)
  store<f64>(at, load<f64>(at) + count)
}

export function countOthers(column: usize, x: f64): void {
  let number = NAN
  if (x == Infinity) number = POSITIVE
  else if (x == -Infinity) number = NEGATIVE
  else if (x == x) return
  const at = field(number, column)
  store<f64>(at, load<f64>(at) + 1)
}

/** Adds two numbers of two parts each to two entries of a field and of the next field, the rest. */
export function addTo(number: usize, column: usize, value: v128, valueRest: v128): void {
  const before = v128.load(field(number, column))
  const after = f64x2.add(before, value)
  const rest = f64x2.add(twoSumRest(before, value, after), valueRest)
  v128.store(field(number, column), after)
  v128.store(field(number + 1, column), f64x2.add(v128.load(field(number + 1, column)), rest))
}

/** Returns the rounding error of a + b = sum (Knuth, TAOCP 4.2.2). */
export function twoSumRest(a: v128, b: v128, sum: v128): v128 {
  const back = f64x2.sub(sum, a)
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, back)), f64x2.sub(b, back))
}
