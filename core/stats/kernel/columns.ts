import { pairAt } from './histogram'
import { INPUT } from './memory'

/** Figures of each column: see ../columns.ts, whose arithmetic this is, two columns at a time. */

/** Elements that are worked on at once, as float64. */
const TILE = 8192
const SCRATCH: usize = memory.data(8 * 8192, 16)

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

/** Columns, and one more where that makes them even: a field has so many float64. */
let stride: usize = 0
let state: usize = 0

/** Makes room for so many columns; returns where their fields lie, one behind the other. */
export function startColumns(columns: i32): usize {
  stride = <usize>((columns + 1) & ~1)
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
  const wide = min(columns, TILE)
  for (let column = 0; column < columns; column += wide) {
    const width = min(wide, columns - column)
    const padded = (width + 1) & ~1
    const high = max(1, TILE / padded)
    for (let row = 0; row < rows; row += high) {
      const height = min(high, rows - row)
      for (let i = 0; i < height; i++) {
        convert(kind, (row + i) * columns + column, width, SCRATCH + ((<usize>(i * padded)) << 3))
      }
      const firstOfTile = first + <f64>row * step + <f64>column
      for (let pair = 0; pair < padded; pair += 2) {
        addPair(<usize>(from + column + pair), pair, padded, height, firstOfTile + <f64>pair, step, pair + 1 < width)
      }
    }
  }
}

/** Elements as float64, from number `from` of the block on. */
function convert(kind: i32, from: i32, count: i32, to: usize): void {
  if (kind == 0) convertFrom<f32>(from, count, to)
  else if (kind == 1) memory.copy(to, INPUT + ((<usize>from) << 3), (<usize>count) << 3)
  else if (kind == 2) convertFrom<u8>(from, count, to)
  else if (kind == 3) convertFrom<i8>(from, count, to)
  else if (kind == 4) convertFrom<u16>(from, count, to)
  else if (kind == 5) convertFrom<i16>(from, count, to)
  else if (kind == 6) convertFrom<u32>(from, count, to)
  else if (kind == 7) convertFrom<i32>(from, count, to)
  else {
    for (let i: usize = 0; i < <usize>count; i++) {
      const at = <usize>from + i
      const value: f64 = kind == 8 ? (load<u8>(INPUT + at) == 0 ? 0 : 1) : half(load<u16>(INPUT + (at << 1)))
      store<f64>(to + (i << 3), value)
    }
  }
}

function convertFrom<T>(from: i32, count: i32, to: usize): void {
  let at = INPUT + <usize>from * sizeof<T>()
  const end = to + ((<usize>count) << 3)
  if (sizeof<T>() == 4) {
    for (; to + 16 <= end; to += 16) {
      v128.store(to, pairAt<T>(at))
      at += 8
    }
  }
  for (; to < end; to += 8) {
    store<f64>(to, <f64>load<T>(at))
    at += sizeof<T>()
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

function addPair(column: usize, pair: i32, width: i32, rows: i32, first: f64, step: f64, both: bool): void {
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
  let at = SCRATCH + ((<usize>pair) << 3)
  for (let row = 0; row < rows; row++) {
    const x = v128.load(at)
    at += (<usize>width) << 3
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
