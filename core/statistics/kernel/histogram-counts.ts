import { pairAt } from './convert'
import { EDGES, HISTOGRAM, INPUT } from './memory-layout'

/**
 * Counts elements between histogram edges (../accumulators/histogram.ts).
 *
 * A value is at about t = (guess(value) - origin) * density - 1/2, so the middle of bin i is at i. Subtraction and
 * multiplication are monotonic even with rounding: a t that is farther from the ends of its bin than any edge's t is
 * from its exact place belongs to a value in that bin. Other values are compared with the edges. float32 elements use
 * float32 arithmetic, with the same guarantee, where that is precise enough for most of them.
 */

let bins: i32 = 0
let origin: f64 = 0
let density: f64 = 0
let logarithmic: bool = false
/** A t closer than this to the middle of a bin is surely in it; never, for edges that are not evenly spaced. */
let margin: f64 = 0
/** Same for float32; from NARROW_ENOUGH on few values need a comparison. */
let narrowMargin: f32 = 0
const NARROW_ENOUGH: f32 = 0.499
/** The middle of all bins, and the distance of the outermost ones from it. */
let middle: f64 = 0
/** Adding this rounds to an integer, which is then in the lowest bits. */
const ROUNDER: f64 = 6_755_399_441_055_744
const NARROW_ROUNDER: f32 = 12_582_912

/** Four alternating tables keep runs of one bin from waiting for their previous store. */
let table: usize = 0

/**
 * Starts a histogram of `binCount + 1` ascending edges at EDGES, with counts in four consecutive tables of `binCount +
 * 2`.
 */
export function startHistogram(binCount: i32, isLogarithmic: bool): void {
  bins = binCount
  table = (<usize>(binCount + 2)) << 2
  logarithmic = isLogarithmic
  origin = guess(edge(0))
  density = <f64>bins / (guess(edge(bins)) - origin)
  middle = <f64>(bins - 1) / 2
  margin = logarithmic ? 0 : 0.5
  narrowMargin = <f32>margin
  for (let i = 0; i <= bins; i++) {
    const end = <f64>i - 0.5
    margin = min(margin, 0.5 - abs((edge(i) - origin) * density - 0.5 - end))
    const narrow = (<f32>edge(i) - <f32>origin) * <f32>density - <f32>0.5
    narrowMargin = min(narrowMargin, <f32>0.5 - abs(narrow - <f32>end))
  }
}

function edge(i: i32): f64 {
  return load<f64>(EDGES + ((<usize>i) << 3))
}

/**
 * Maps a value to a number that is nearly linear in the bin: the value itself, or the bits of a positive float, which
 * approximate its logarithm.
 */
function guess(value: f64): f64 {
  return logarithmic ? <f64>reinterpret<i64>(value) : value
}

function count(counts: usize, bin: i32): void {
  const at = counts + ((<usize>bin) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

function countOne(value: f64): void {
  if (!(abs(value) < Infinity)) return
  if (value < edge(0)) count(HISTOGRAM, bins)
  else if (value > edge(bins)) count(HISTOGRAM, bins + 1)
  else {
    let bin = min(bins - 1, max(0, <i32>((guess(value) - origin) * density)))
    while (bin > 0 && value < edge(bin)) bin--
    while (bin < bins - 1 && value >= edge(bin + 1)) bin++
    count(HISTOGRAM, bin)
  }
}

function countBlock<T>(length: i32): void {
  const start = f64x2.splat(origin)
  const scale = f64x2.splat(density)
  const half = f64x2.splat(0.5)
  const rounder = f64x2.splat(ROUNDER)
  const near = f64x2.splat(margin)
  const shift = f64x2.splat(middle)
  const first = HISTOGRAM
  const second = first + table
  const third = second + table
  const fourth = third + table
  const whole = INPUT + <usize>(length & ~3) * sizeof<T>()
  const end = INPUT + <usize>length * sizeof<T>()
  let at = INPUT
  for (; at < whole; at += 4 * sizeof<T>()) {
    const p = pairAt<T>(at)
    const q = pairAt<T>(at + 2 * sizeof<T>())
    const s = f64x2.sub(f64x2.mul(f64x2.sub(p, start), scale), half)
    const t = f64x2.sub(f64x2.mul(f64x2.sub(q, start), scale), half)
    const roundedS = f64x2.add(s, rounder)
    const roundedT = f64x2.add(t, rounder)
    const binS = f64x2.sub(roundedS, rounder)
    const binT = f64x2.sub(roundedT, rounder)
    const isNearS = f64x2.lt(f64x2.abs(f64x2.sub(s, binS)), near)
    const isNearT = f64x2.lt(f64x2.abs(f64x2.sub(t, binT)), near)
    const out = f64x2.pmax(f64x2.abs(f64x2.sub(binS, shift)), f64x2.abs(f64x2.sub(binT, shift)))
    if (i64x2.all_true(v128.and(v128.and(isNearS, isNearT), f64x2.le(out, shift)))) {
      count(first, i32x4.extract_lane(roundedS, 0))
      count(second, i32x4.extract_lane(roundedS, 2))
      count(third, i32x4.extract_lane(roundedT, 0))
      count(fourth, i32x4.extract_lane(roundedT, 2))
    } else {
      countOne(f64x2.extract_lane(p, 0))
      countOne(f64x2.extract_lane(p, 1))
      countOne(f64x2.extract_lane(q, 0))
      countOne(f64x2.extract_lane(q, 1))
    }
  }
  for (; at < end; at += sizeof<T>()) countOne(<f64>load<T>(at))
}

/** Same as countBlock, in float32. */
function countNarrow(length: i32): void {
  const start = f32x4.splat(<f32>origin)
  const scale = f32x4.splat(<f32>density)
  const half = f32x4.splat(0.5)
  const rounder = f32x4.splat(NARROW_ROUNDER)
  const near = f32x4.splat(narrowMargin)
  const first = i32x4.splat(reinterpret<i32>(NARROW_ROUNDER))
  const last = i32x4.splat(bins - 1)
  const second = HISTOGRAM + table
  const third = second + table
  const fourth = third + table
  const whole = INPUT + ((<usize>(length & ~3)) << 2)
  const end = INPUT + ((<usize>length) << 2)
  let at = INPUT
  for (; at < whole; at += 16) {
    const x = v128.load(at)
    const t = f32x4.sub(f32x4.mul(f32x4.sub(x, start), scale), half)
    const rounded = f32x4.add(t, rounder)
    const isNear = f32x4.lt(f32x4.abs(f32x4.sub(t, f32x4.sub(rounded, rounder))), near)
    const bin = i32x4.sub(rounded, first)
    if (i32x4.all_true(v128.and(isNear, i32x4.eq(bin, i32x4.min_u(bin, last))))) {
      count(HISTOGRAM, i32x4.extract_lane(bin, 0))
      count(second, i32x4.extract_lane(bin, 1))
      count(third, i32x4.extract_lane(bin, 2))
      count(fourth, i32x4.extract_lane(bin, 3))
    } else {
      countOne(<f64>f32x4.extract_lane(x, 0))
      countOne(<f64>f32x4.extract_lane(x, 1))
      countOne(<f64>f32x4.extract_lane(x, 2))
      countOne(<f64>f32x4.extract_lane(x, 3))
    }
  }
  for (; at < end; at += 4) countOne(<f64>load<f32>(at))
}

export function histogramFloat32(length: i32): void {
  if (narrowMargin > NARROW_ENOUGH) countNarrow(length)
  else countBlock<f32>(length)
}

export function histogramFloat64(length: i32): void {
  countBlock<f64>(length)
}

export function histogramIntegers32(length: i32, signed: bool): void {
  if (signed) countBlock<i32>(length)
  else countBlock<u32>(length)
}

export function histogramIntegers64(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u64>(INPUT + ((<usize>i) << 3))
    countOne(signed ? <f64>(<i64>bits) : <f64>bits)
  }
}
