import { addTo, addZeros, field, MAX, MAX_AT, MIN, MIN_AT, SQUARES, SUM } from './column-fields'
import { addPair } from './column-pairs'
import { upperHalf } from './lanes'
import { exponentsOf, originOf, restA, restB, sumA, sumB, sumLanes, thresholdOf, upperA, upperB } from './leaf-sums'

/**
 * Processes four columns at a time for elements that fit float32. The sum of a few rows is exact (leaf-sums.ts), and
 * only that is added to the columns' sums. Columns with elements that are not finite or differ widely in size use the
 * path of the other dtypes.
 */

/** Rows per tile; at most 255 (leaf-sums.ts). */
export const HIGHEST: i32 = 128
const GROUP: usize = memory.data(8 * 4 * 128, 16)

/** Adds `rows` float32 of four columns, or two at the end; consecutive rows are `apart` bytes apart. */
export function addGroup(column: usize, from: usize, apart: usize, rows: i32, four: bool, first: f64, step: f64): void {
  if (addPlain(column, from, apart, rows, four, first, step)) return
  for (let i: usize = 0; i < <usize>rows; i++) {
    const x = v128.load(from + i * apart)
    v128.store(GROUP + (i << 5), f64x2.promote_low_f32x4(x))
    v128.store(GROUP + (i << 5), f64x2.promote_low_f32x4(upperHalf(x)), 16)
  }
  addPair(column, GROUP, 32, rows, first, step)
  if (four) addPair(column + 2, GROUP + 16, 32, rows, first + 2, step)
}

/**
 * Adds `rows` float32 of each column from `column` on. Returns false and adds nothing if some are not finite or differ
 * widely in size.
 */
function addPlain(column: usize, from: usize, apart: usize, rows: i32, four: bool, first: f64, step: f64): bool {
  const end = from + <usize>rows * apart
  const sign = i32x4.splat(0x7fffffff)
  let low = f32x4.splat(Infinity)
  let high = f32x4.splat(-Infinity)
  let size = i32x4.splat(0)
  let rest = i32x4.splat(-1)
  let zeros = i32x4.splat(0)
  for (let at = from; at < end; at += apart) {
    const x = v128.load(at)
    const magnitude = v128.and(x, sign)
    low = f32x4.pmin(low, x)
    high = f32x4.pmax(high, x)
    size = i32x4.max_u(size, magnitude)
    // 0 - 1 wraps to the largest unsigned number, which the minimum ignores.
    rest = i32x4.min_u(rest, i32x4.sub(magnitude, i32x4.splat(1)))
    zeros = i32x4.sub(zeros, i32x4.eq(magnitude, i32x4.splat(0)))
  }
  const biased = exponentsOf(size)
  const least = i32x4.add(rest, i32x4.splat(1))
  const plain = v128.and(i32x4.lt_s(size, i32x4.splat(0x7f800000)), i32x4.ge_u(least, thresholdOf(biased)))
  if (!i32x4.all_true(plain)) return false
  sumLanes(from, end, apart, originOf(biased), originOf(upperHalf(biased)))
  addSums(column, sumA, upperA, restA, i64x2.extend_low_i32x4_u(zeros))
  updateExtremes(column, from, apart, low, high, first, step)
  if (four) {
    addSums(column + 2, sumB, upperB, restB, i64x2.extend_high_i32x4_u(zeros))
    updateExtremes(column + 2, from + 8, apart, upperHalf(low), upperHalf(high), first + 2, step)
  }
  return true
}

/** Adds the sums of a tile's elements and squares to two columns. */
function addSums(column: usize, sum: v128, upper: v128, rest: v128, zeros: v128): void {
  addZeros(column, <f64>i64x2.extract_lane(zeros, 0))
  addZeros(column + 1, <f64>i64x2.extract_lane(zeros, 1))
  addTo(SUM, column, sum, f64x2.splat(0))
  addTo(SQUARES, column, upper, rest)
}

/** Updates the extremes of two columns, and the rows of their first occurrence. */
function updateExtremes(
  column: usize,
  from: usize,
  apart: usize,
  lows: v128,
  highs: v128,
  first: f64,
  step: f64,
): void {
  const low = f64x2.promote_low_f32x4(lows)
  const high = f64x2.promote_low_f32x4(highs)
  const least = v128.load(field(MIN, column))
  const greatest = v128.load(field(MAX, column))
  if (!v128.any_true(v128.or(f64x2.le(low, least), f64x2.ge(high, greatest)))) return
  for (let lane = 0; lane < 2; lane++) {
    const l = lane == 0 ? f64x2.extract_lane(low, 0) : f64x2.extract_lane(low, 1)
    const h = lane == 0 ? f64x2.extract_lane(high, 0) : f64x2.extract_lane(high, 1)
    const at = from + ((<usize>lane) << 2)
    noteIfBetter(MIN, MIN_AT, column + lane, l, l < load<f64>(field(MIN, column + lane)), at, apart, first + lane, step)
    noteIfBetter(MAX, MAX_AT, column + lane, h, h > load<f64>(field(MAX, column + lane)), at, apart, first + lane, step)
  }
}

/** Updates an extreme if the tile's is more extreme, or equal and earlier in the array. */
function noteIfBetter(
  number: usize,
  placeNumber: usize,
  column: usize,
  value: f64,
  beyond: bool,
  from: usize,
  apart: usize,
  first: f64,
  step: f64,
): void {
  const known = field(number, column)
  const knownAt = field(placeNumber, column)
  if (!beyond && !(value == load<f64>(known) && first < load<f64>(knownAt))) return
  let row: f64 = 0
  for (let at = from; load<f32>(at) != <f32>value; at += apart) row++
  const place = first + row * step
  if (!beyond && place >= load<f64>(knownAt)) return
  store<f64>(known, value + 0)
  store<f64>(knownAt, place)
}
