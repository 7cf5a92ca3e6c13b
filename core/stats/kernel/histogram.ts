import { EDGES, HISTOGRAM, INPUT } from './memory'

/**
 * Counts elements between a histogram's edges: see ../histogram.ts. A value lies at about t = (guess(value) - origin) *
 * density bins. Subtracting and multiplying keep order even when they round, so that a t further from a whole number i
 * than the t of every edge is from its own lies on the same side of edge i as its value does. Other values are compared
 * with the edges.
 */

let bins: i32 = 0
let origin: f64 = 0
let density: f64 = 0
let logarithmic: bool = false
/** How far an edge's t is from its number, at most. */
let tolerance: f64 = 0

/** Runs of one bin don't wait for their own last count: four tables are used in turn. */
let table: usize = 0

/** `binCount + 1` ascending edges lie at EDGES. The counts are in four tables of `binCount + 2` behind each other. */
export function startHistogram(binCount: i32, isLogarithmic: bool): void {
  bins = binCount
  table = (<usize>(binCount + 2)) << 2
  logarithmic = isLogarithmic
  origin = guess(edge(0))
  density = <f64>bins / (guess(edge(bins)) - origin)
  tolerance = 0
  for (let i = 0; i <= bins; i++) tolerance = max(tolerance, abs((guess(edge(i)) - origin) * density - <f64>i))
}

function edge(i: i32): f64 {
  return load<f64>(EDGES + ((<usize>i) << 3))
}

/** A number that grows about evenly from edge to edge: the value, or the bits of a positive float, which are its logarithm. */
function guess(value: f64): f64 {
  return logarithmic ? <f64>reinterpret<i64>(value) : value
}

function count(bin: i32, turn: usize): void {
  const at = HISTOGRAM + turn * table + ((<usize>bin) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

function countOne(value: f64): void {
  if (!(abs(value) < Infinity)) return
  if (value < edge(0)) count(bins, 0)
  else if (value > edge(bins)) count(bins + 1, 0)
  else {
    let bin = min(bins - 1, max(0, <i32>((guess(value) - origin) * density)))
    while (bin > 0 && value < edge(bin)) bin--
    while (bin < bins - 1 && value >= edge(bin + 1)) bin++
    count(bin, 0)
  }
}

/** Which of two t's surely lie between the edges whose numbers are on both sides of them. */
function isSure(t: v128, margin: v128, end: v128): v128 {
  const distance = f64x2.abs(f64x2.sub(t, f64x2.nearest(t)))
  return v128.and(f64x2.gt(distance, margin), v128.and(f64x2.gt(t, f64x2.splat(0)), f64x2.lt(t, end)))
}

function countFour(p: v128, q: v128): void {
  const start = f64x2.splat(origin)
  const scale = f64x2.splat(density)
  const margin = f64x2.splat(tolerance)
  const end = f64x2.splat(<f64>bins)
  const s = f64x2.mul(f64x2.sub(p, start), scale)
  const t = f64x2.mul(f64x2.sub(q, start), scale)
  if (!logarithmic && i64x2.all_true(v128.and(isSure(s, margin, end), isSure(t, margin, end)))) {
    const low = i32x4.trunc_sat_f64x2_s_zero(s)
    const high = i32x4.trunc_sat_f64x2_s_zero(t)
    count(i32x4.extract_lane(low, 0), 0)
    count(i32x4.extract_lane(low, 1), 1)
    count(i32x4.extract_lane(high, 0), 2)
    count(i32x4.extract_lane(high, 1), 3)
    return
  }
  countOne(f64x2.extract_lane(p, 0))
  countOne(f64x2.extract_lane(p, 1))
  countOne(f64x2.extract_lane(q, 0))
  countOne(f64x2.extract_lane(q, 1))
}

function upper(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
}

export function histogramFloat32(length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(INPUT + ((<usize>i) << 2))
    countFour(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(upper(x)))
  }
  for (let i = whole; i < length; i++) countOne(<f64>load<f32>(INPUT + ((<usize>i) << 2)))
}

export function histogramFloat64(length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const at = INPUT + ((<usize>i) << 3)
    countFour(v128.load(at), v128.load(at, 16))
  }
  for (let i = whole; i < length; i++) countOne(load<f64>(INPUT + ((<usize>i) << 3)))
}

export function histogramIntegers32(length: i32, signed: bool): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(INPUT + ((<usize>i) << 2))
    if (signed) countFour(f64x2.convert_low_i32x4_s(x), f64x2.convert_low_i32x4_s(upper(x)))
    else countFour(f64x2.convert_low_i32x4_u(x), f64x2.convert_low_i32x4_u(upper(x)))
  }
  for (let i = whole; i < length; i++) {
    const bits = load<u32>(INPUT + ((<usize>i) << 2))
    countOne(signed ? <f64>(<i32>bits) : <f64>bits)
  }
}

export function histogramIntegers64(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u64>(INPUT + ((<usize>i) << 3))
    countOne(signed ? <f64>(<i64>bits) : <f64>bits)
  }
}
