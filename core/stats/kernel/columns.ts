import { pairAt } from './histogram'
import { INPUT } from './memory'

/**
 * Figures of each column: see ../columns.ts, whose arithmetic this is, two columns at a time. Where float32 holds all elements
 * of a dtype, four columns are taken at a time as float32.ts takes a leaf: what they sum to is exact, and only sums are added
 * to the columns'. Columns with elements that are not finite, or of very different size, are taken like those of other dtypes.
 */

/** Columns and rows that are worked on at once. */
const WIDEST: i32 = 256
const TILE = 8192
const HIGHEST: i32 = 128
const SCRATCH: usize = memory.data(8 * 8192, 16)
/** Four columns as float64. */
const GROUP: usize = memory.data(8 * 4 * 128, 16)

const NAN: usize = 0
const POSITIVE: usize = 1
const NEGATIVE: usize = 2
const ZEROS: usize = 3
const MIN: usize = 4
const MAX: usize = 5
const MIN_AT: usize = 6
const MAX_AT: usize = 7
const SUM: usize = 8
const SUM_REST: usize = 9
const SQUARES: usize = 10
const SQUARES_REST: usize = 11
const CENTER: usize = 12
const FIELDS: usize = 13

/** Columns, and some more for a multiple of four: a field has so many float64. */
let stride: usize = 0
let state: usize = 0

/** Makes room for so many columns; returns where their fields lie, one behind the other. */
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

function field(number: usize, column: usize): usize {
  return state + ((number * stride + column) << 3)
}

/**
 * Adds `rows` rows of `columns` elements, which begin at (even) column `from`. The first one is element number `first`,
 * those below each other are `step` elements apart. `kind`: how elements lie in memory.
 */
export function addColumns(kind: i32, rows: i32, columns: i32, from: i32, first: f64, step: f64): void {
  for (let column = 0; column < columns; column += WIDEST) {
    const width = min(WIDEST, columns - column)
    const most = min(HIGHEST, TILE / ((width + 3) & ~3))
    for (let row = 0; row < rows; row += most) {
      const at = row * columns + column
      const firstOfTile = first + <f64>row * step + <f64>column
      const height = min(most, rows - row)
      if (isNarrow(kind)) addNarrowTile(kind, at, columns, width, height, <usize>(from + column), firstOfTile, step)
      else addTile(kind, at, columns, width, height, <usize>(from + column), firstOfTile, step)
    }
  }
}

/** Whether float32 holds all elements. */
function isNarrow(kind: i32): bool {
  return kind != 1 && kind != 6 && kind != 7
}

/** Adds `rows` rows of `width` elements, the first being number `at` of the block, those below each other `columns` apart. */
function addTile(kind: i32, at: i32, columns: i32, width: i32, rows: i32, column: usize, first: f64, step: f64): void {
  const padded = (width + 1) & ~1
  for (let i = 0; i < rows; i++) convert<f64>(kind, at + i * columns, width, SCRATCH + ((<usize>(i * padded)) << 3))
  for (let pair = 0; pair < padded; pair += 2) {
    const from = SCRATCH + ((<usize>pair) << 3)
    addPair(column + <usize>pair, from, (<usize>padded) << 3, rows, first + <f64>pair, step, pair + 1 < width)
  }
}

/** The same where float32 holds all elements. */
function addNarrowTile(
  kind: i32,
  at: i32,
  columns: i32,
  width: i32,
  rows: i32,
  column: usize,
  first: f64,
  step: f64,
): void {
  let tile = INPUT + ((<usize>at) << 2)
  let apart = (<usize>columns) << 2
  if (kind != 0) {
    tile = SCRATCH
    apart = (<usize>((width + 3) & ~3)) << 2
    for (let i = 0; i < rows; i++) convert<f32>(kind, at + i * columns, width, SCRATCH + <usize>i * apart)
  }
  for (let group = 0; group < width; group += 4) {
    const from = tile + ((<usize>group) << 2)
    const lanes = min(4, width - group)
    if (addFour(column + <usize>group, from, apart, rows, lanes, first + <f64>group, step)) continue
    for (let i: usize = 0; i < <usize>rows; i++) {
      const x = v128.load(from + i * apart)
      v128.store(GROUP + (i << 5), f64x2.promote_low_f32x4(x))
      v128.store(GROUP + (i << 5), f64x2.promote_low_f32x4(upperHalf(x)), 16)
    }
    addPair(column + <usize>group, GROUP, 32, rows, first + <f64>group, step, lanes > 1)
    if (lanes > 2) addPair(column + <usize>group + 2, GROUP + 16, 32, rows, first + <f64>group + 2, step, lanes > 3)
  }
}

/** The upper two lanes of four, in the place of the lower ones. */
function upperHalf(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
}

/**
 * Adds `rows` float32 of each of the columns from `column` on, of which the first `lanes` count; false, and nothing is added,
 * where they are not finite or of very different size.
 */
function addFour(column: usize, from: usize, apart: usize, rows: i32, lanes: i32, first: f64, step: f64): bool {
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
    // What comes before zero is the greatest unsigned number.
    rest = i32x4.min_u(rest, i32x4.sub(magnitude, i32x4.splat(1)))
    zeros = i32x4.sub(zeros, i32x4.eq(magnitude, i32x4.splat(0)))
  }
  const biased = i32x4.max_s(i32x4.shr_s(size, 23), i32x4.splat(1))
  const threshold = i32x4.shl(i32x4.max_s(i32x4.sub(biased, i32x4.splat(19)), i32x4.splat(0)), 23)
  const least = i32x4.add(rest, i32x4.splat(1))
  const plain = v128.and(i32x4.lt_s(size, i32x4.splat(0x7f800000)), i32x4.ge_u(least, threshold))
  if (!i32x4.all_true(plain)) return false
  const upperBiased = upperHalf(biased)
  const originA = originOf(biased)
  const originB = originOf(upperBiased)
  let sumA = f64x2.splat(0)
  let sumB = f64x2.splat(0)
  let upperA = originA
  let upperB = originB
  let restA = f64x2.splat(0)
  let restB = f64x2.splat(0)
  for (let at = from; at < end; at += apart) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(at))
    const b = f64x2.promote_low_f32x4(v128.load64_zero(at, 8))
    sumA = f64x2.add(sumA, a)
    sumB = f64x2.add(sumB, b)
    const squareA = f64x2.mul(a, a)
    const squareB = f64x2.mul(b, b)
    const nextA = f64x2.add(upperA, squareA)
    const nextB = f64x2.add(upperB, squareB)
    restA = f64x2.add(restA, f64x2.sub(squareA, f64x2.sub(nextA, upperA)))
    restB = f64x2.add(restB, f64x2.sub(squareB, f64x2.sub(nextB, upperB)))
    upperA = nextA
    upperB = nextB
  }
  addSums(column, lanes, sumA, f64x2.sub(upperA, originA), restA, i64x2.extend_low_i32x4_u(zeros))
  noteExtremes(column, min(lanes, 2), from, apart, low, high, first, step)
  if (lanes > 2) {
    addSums(column + 2, lanes - 2, sumB, f64x2.sub(upperB, originB), restB, i64x2.extend_high_i32x4_u(zeros))
    noteExtremes(column + 2, lanes - 2, from + 8, apart, upperHalf(low), upperHalf(high), first + 2, step)
  }
  return true
}

/** 1.5 * 2^(2M + 11) for the biased exponents M + 127 in the lower two lanes. */
function originOf(biased: v128): v128 {
  const exponent = i64x2.add(i64x2.shl(i64x2.extend_low_i32x4_u(biased), 1), i64x2.splat(1023 + 11 - 2 * 127))
  return v128.or(i64x2.shl(exponent, 52), i64x2.splat(0x8000000000000))
}

/** Adds what a tile's elements and their squares sum to, to two columns, or to the first of them. */
function addSums(column: usize, lanes: i32, tileSum: v128, tileUpper: v128, tileRest: v128, zeros: v128): void {
  const counts = lanes > 1 ? i64x2.splat(-1) : i64x2(-1, 0)
  addZeros(column, <f64>i64x2.extract_lane(zeros, 0))
  if (lanes > 1) addZeros(column + 1, <f64>i64x2.extract_lane(zeros, 1))
  addTo(SUM, column, v128.and(tileSum, counts), f64x2.splat(0))
  addTo(SQUARES, column, v128.and(tileUpper, counts), v128.and(tileRest, counts))
}

/** Adds two numbers, of two parts each, to two columns' entries of a field and of the one behind it, the rest. */
function addTo(number: usize, column: usize, value: v128, valueRest: v128): void {
  const before = v128.load(field(number, column))
  const after = f64x2.add(before, value)
  const rest = f64x2.add(twoSumRest(before, value, after), valueRest)
  v128.store(field(number, column), after)
  v128.store(field(number + 1, column), f64x2.add(v128.load(field(number + 1, column)), rest))
}

/** What a + b = sum is rounded by (Knuth, TAOCP 4.2.2). */
function twoSumRest(a: v128, b: v128, sum: v128): v128 {
  const back = f64x2.sub(sum, a)
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, back)), f64x2.sub(b, back))
}

/** Notes the extremes of a tile of one or two columns, and the rows where they are first met. */
function noteExtremes(
  column: usize,
  lanes: i32,
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
  for (let lane = 0; lane < lanes; lane++) {
    const l = lane == 0 ? f64x2.extract_lane(low, 0) : f64x2.extract_lane(low, 1)
    const h = lane == 0 ? f64x2.extract_lane(high, 0) : f64x2.extract_lane(high, 1)
    const at = from + ((<usize>lane) << 2)
    noteIfBetter(MIN, MIN_AT, column + lane, l, l < load<f64>(field(MIN, column + lane)), at, apart, first + lane, step)
    noteIfBetter(MAX, MAX_AT, column + lane, h, h > load<f64>(field(MAX, column + lane)), at, apart, first + lane, step)
  }
}

/** Notes an extreme of a column's tile that is beyond the column's, or as good and met earlier in the array. */
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

/** Elements as float32 or float64, from number `from` of the block on. */
function convert<To>(kind: i32, from: i32, count: i32, to: usize): void {
  if (kind == 0) convertFrom<f32, To>(from, count, to)
  else if (kind == 1) convertFrom<f64, To>(from, count, to)
  else if (kind == 2) convertFrom<u8, To>(from, count, to)
  else if (kind == 3) convertFrom<i8, To>(from, count, to)
  else if (kind == 4) convertFrom<u16, To>(from, count, to)
  else if (kind == 5) convertFrom<i16, To>(from, count, to)
  else if (kind == 6) convertFrom<u32, To>(from, count, to)
  else if (kind == 7) convertFrom<i32, To>(from, count, to)
  else {
    for (let i: usize = 0; i < <usize>count; i++) {
      const at = <usize>from + i
      const value: f64 = kind == 8 ? (load<u8>(INPUT + at) == 0 ? 0 : 1) : half(load<u16>(INPUT + (at << 1)))
      store<To>(to + i * sizeof<To>(), <To>value)
    }
  }
}

function convertFrom<From, To>(from: i32, count: i32, to: usize): void {
  let at = INPUT + <usize>from * sizeof<From>()
  const end = to + <usize>count * sizeof<To>()
  if (sizeof<From>() >= 4 && sizeof<To>() == 8) {
    for (; to + 16 <= end; to += 16) {
      v128.store(to, pairAt<From>(at))
      at += 2 * sizeof<From>()
    }
  }
  for (; to < end; to += sizeof<To>()) {
    store<To>(to, <To>load<From>(at))
    at += sizeof<From>()
  }
}

/** A float16 by its bits. */
function half(bits: u32): f64 {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const sign = (<u64>(bits >> 15)) << 63
  if (exponent == 31) return reinterpret<f64>(sign | 0x7ff0000000000000 | ((<u64>fraction) << 42))
  if (exponent == 0)
    return copysign<f64>(<f64>fraction * (1.0 / 16777216.0), reinterpret<f64>(sign | 0x3ff0000000000000))
  return reinterpret<f64>(sign | ((<u64>(exponent + 1008)) << 52) | ((<u64>fraction) << 42))
}

/** Adds `rows` float64 of two columns, or of the first of them; those below each other are `apart` bytes apart. */
function addPair(column: usize, from: usize, apart: usize, rows: i32, first: f64, step: f64, both: bool): void {
  const center = v128.load(field(CENTER, column))
  let low = v128.load(field(MIN, column))
  let high = v128.load(field(MAX, column))
  let zeros = i64x2.splat(0)
  let sum = v128.load(field(SUM, column))
  let sumRest = v128.load(field(SUM_REST, column))
  let squares = v128.load(field(SQUARES, column))
  let squaresRest = v128.load(field(SQUARES_REST, column))
  // An equal element is a new extreme only if it may come earlier in the array.
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
      if (both) countOthers(column + 1, f64x2.extract_lane(x, 1))
      y = v128.bitselect(x, center, finite)
    }
    if (v128.any_true(v128.or(f64x2.le(x, low), f64x2.ge(x, high)))) {
      const lower = v128.and(v128.or(f64x2.lt(x, low), v128.and(f64x2.eq(x, low), earlierLow)), finite)
      const higher = v128.and(v128.or(f64x2.gt(x, high), v128.and(f64x2.eq(x, high), earlierHigh)), finite)
      const number = first + <f64>row * step
      low = noteExtreme(MIN_AT, column, x, low, lower, number)
      high = noteExtreme(MAX_AT, column, x, high, higher, number)
    }
    zeros = i64x2.sub(zeros, f64x2.eq(x, f64x2.splat(0)))
    // d + e = y - center exactly (Knuth's two-sum).
    const d = f64x2.sub(y, center)
    const back = f64x2.sub(d, y)
    const e = f64x2.sub(f64x2.sub(y, f64x2.sub(d, back)), f64x2.add(center, back))
    const t = f64x2.add(sum, d)
    const tBack = f64x2.sub(t, sum)
    sumRest = f64x2.add(sumRest, f64x2.add(f64x2.add(f64x2.sub(sum, f64x2.sub(t, tBack)), f64x2.sub(d, tBack)), e))
    sum = t
    const p = f64x2.mul(d, d)
    const q = f64x2.add(squares, p)
    const qBack = f64x2.sub(q, squares)
    squaresRest = f64x2.add(squaresRest, f64x2.add(f64x2.sub(squares, f64x2.sub(q, qBack)), f64x2.sub(p, qBack)))
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

function addZeros(column: usize, count: f64): void {
  const at = field(ZEROS, column)
  store<f64>(at, load<f64>(at) + count)
}

function countOthers(column: usize, x: f64): void {
  let number = NAN
  if (x == Infinity) number = POSITIVE
  else if (x == -Infinity) number = NEGATIVE
  else if (x == x) return
  const at = field(number, column)
  store<f64>(at, load<f64>(at) + 1)
}

/** Takes the lanes of x that `better` says, where they are really beyond the extreme or are met earlier in the array. */
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
