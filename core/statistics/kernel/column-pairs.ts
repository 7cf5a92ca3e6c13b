import {
  addZeros,
  SHIFT,
  countOthers,
  field,
  MAX,
  MAX_AT,
  MIN,
  MIN_AT,
  SQUARES,
  SQUARES_REST,
  SUM,
  SUM_REST,
  twoSumRest,
} from './column-fields'

/**
 * Adds `rows` rows of two adjacent float64 columns; consecutive rows are `apart` bytes apart. The first element of the
 * first column has number `first`, that of the next row `first + step`.
 */
export function addPair(column: usize, from: usize, apart: usize, rows: i32, first: f64, step: f64): void {
  const shift = v128.load(field(SHIFT, column))
  let low = v128.load(field(MIN, column))
  let high = v128.load(field(MAX, column))
  let zeros = i64x2.splat(0)
  let sum = v128.load(field(SUM, column))
  let sumRest = v128.load(field(SUM_REST, column))
  let squares = v128.load(field(SQUARES, column))
  let squaresRest = v128.load(field(SQUARES_REST, column))
  // An equal element is a new extreme only if it may be earlier in the array.
  const earlierLow = f64x2.gt(v128.load(field(MIN_AT, column)), f64x2.splat(first))
  const earlierHigh = f64x2.gt(v128.load(field(MAX_AT, column)), f64x2.splat(first))
  let at = from
  for (let row = 0; row < rows; row++) {
    const x = v128.load(at)
    at += apart
    let y = x
    const finite = f64x2.lt(f64x2.abs(x), f64x2.splat(Infinity))
    if (!i64x2.all_true(finite)) {
      countOthers(column, f64x2.extract_lane(x, 0))
      countOthers(column + 1, f64x2.extract_lane(x, 1))
      y = v128.bitselect(x, shift, finite)
    }
    if (v128.any_true(v128.or(f64x2.le(x, low), f64x2.ge(x, high)))) {
      const lower = v128.and(v128.or(f64x2.lt(x, low), v128.and(f64x2.eq(x, low), earlierLow)), finite)
      const higher = v128.and(v128.or(f64x2.gt(x, high), v128.and(f64x2.eq(x, high), earlierHigh)), finite)
      const number = first + <f64>row * step
      low = noteExtreme(MIN_AT, column, x, low, lower, number)
      high = noteExtreme(MAX_AT, column, x, high, higher, number)
    }
    zeros = i64x2.sub(zeros, f64x2.eq(x, f64x2.splat(0)))
    const d = f64x2.sub(y, shift)
    const t = f64x2.add(sum, d)
    sumRest = f64x2.add(sumRest, f64x2.add(twoSumRest(sum, d, t), twoSumRest(y, f64x2.neg(shift), d)))
    sum = t
    const p = f64x2.mul(d, d)
    const q = f64x2.add(squares, p)
    squaresRest = f64x2.add(squaresRest, twoSumRest(squares, p, q))
    squares = q
  }
  v128.store(field(MIN, column), low)
  v128.store(field(MAX, column), high)
  addZeros(column, <f64>i64x2.extract_lane(zeros, 0))
  addZeros(column + 1, <f64>i64x2.extract_lane(zeros, 1))
  v128.store(field(SUM, column), sum)
  v128.store(field(SUM_REST, column), sumRest)
  v128.store(field(SQUARES, column), squares)
  v128.store(field(SQUARES_REST, column), squaresRest)
}

/** Updates the lanes in `better` whose x is beyond the extreme, or equal and earlier in the array. */
function noteExtreme(fieldAt: usize, column: usize, x: v128, extreme: v128, better: v128, number: f64): v128 {
  let result = extreme
  if (i64x2.extract_lane(better, 0) != 0) {
    const value = f64x2.extract_lane(x, 0)
    const at = field(fieldAt, column)
    if (value != f64x2.extract_lane(extreme, 0) || number < load<f64>(at)) {
      store<f64>(at, number)
      result = f64x2.replace_lane(result, 0, value + 0)
    }
  }
  if (i64x2.extract_lane(better, 1) != 0) {
    const value = f64x2.extract_lane(x, 1)
    const at = field(fieldAt, column + 1)
    if (value != f64x2.extract_lane(extreme, 1) || number + 1 < load<f64>(at)) {
      store<f64>(at, number + 1)
      result = f64x2.replace_lane(result, 1, value + 0)
    }
  }
  return result
}
