import { addNan, addNegativeInfinity, addPositiveInfinity, addZeros } from './counters'
import { updateExtremes, accumulateOne } from './floats'
import { sumDoubles } from './lanes'
import { CLEAN, INPUT } from './memory-layout'
import { addExactly, addToSquares, addToSum } from './sum-tables'

/**
 * float64. A block is processed in leaves of up to 256 elements. With the largest magnitude below 2^(M+1), elements are
 * multiplied by 2^-M and split into h + m + r, multiples of 2^-21, 2^-44 and 2^-67 of at most 2^22 units each; this is
 * exact for elements of at least 2^(M-15). Sums of them and of their products stay below 2^53 units, so nothing is
 * rounded. The few smaller elements use the exact sums, one at a time.
 */

const LEAF = 256

/** Accumulates `count` elements; the first has number `first`. */
export function accumulateFloat64(count: i32, first: f64): void {
  const whole = count & ~1
  for (let start = 0; start < whole; start += LEAF) {
    accumulateLeaf(INPUT + ((<usize>start) << 3), min(LEAF, whole - start), first + <f64>start)
  }
  if (whole < count) accumulateOne(load<f64>(INPUT + ((<usize>whole) << 3)), first + <f64>whole)
}

function accumulateLeaf(leaf: usize, count: i32, first: f64): void {
  const end = leaf + ((<usize>count) << 3)
  let low = f64x2.splat(Infinity)
  let high = f64x2.splat(-Infinity)
  let zero = i64x2.splat(0)
  let finite = i64x2.splat(-1)
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    low = f64x2.pmin(low, x)
    high = f64x2.pmax(high, x)
    zero = i64x2.sub(zero, f64x2.eq(x, f64x2.splat(0)))
    finite = v128.and(finite, f64x2.lt(f64x2.abs(x), f64x2.splat(Infinity)))
  }
  if (!i64x2.all_true(finite)) {
    accumulateMixedLeaf(leaf, end, first)
    return
  }
  addZeros(sumLanes(zero))
  accumulateFinite(leaf, leaf, end, first, low, high)
}

/** Counts the elements of a leaf that are not finite, and adds a copy with zeros in their place. */
function accumulateMixedLeaf(leaf: usize, end: usize, first: f64): void {
  let low = f64x2.splat(Infinity)
  let high = f64x2.splat(-Infinity)
  let zero = i64x2.splat(0)
  let nans = i64x2.splat(0)
  let positive = i64x2.splat(0)
  let negative = i64x2.splat(0)
  let to = CLEAN
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    const finite = f64x2.lt(f64x2.abs(x), f64x2.splat(Infinity))
    low = f64x2.pmin(low, v128.bitselect(x, f64x2.splat(Infinity), finite))
    high = f64x2.pmax(high, v128.bitselect(x, f64x2.splat(-Infinity), finite))
    zero = i64x2.sub(zero, f64x2.eq(x, f64x2.splat(0)))
    nans = i64x2.sub(nans, f64x2.ne(x, x))
    positive = i64x2.sub(positive, f64x2.eq(x, f64x2.splat(Infinity)))
    negative = i64x2.sub(negative, f64x2.eq(x, f64x2.splat(-Infinity)))
    v128.store(to, v128.and(x, finite))
    to += 16
  }
  addZeros(sumLanes(zero))
  addNan(sumLanes(nans))
  addPositiveInfinity(sumLanes(positive))
  addNegativeInfinity(sumLanes(negative))
  accumulateFinite(leaf, CLEAN, to, first, low, high)
}

/** Updates the extremes (per lane; infinite when nothing is finite) and adds the finite elements. */
function accumulateFinite(leaf: usize, from: usize, end: usize, first: f64, lows: v128, highs: v128): void {
  const low = min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1))
  const high = max(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1))
  updateExtremes<f64>(leaf, first, low, high)
  if (low <= high && (low != 0 || high != 0)) addFinite(from, end, max(abs(low), abs(high)))
}

/** Adds finite elements; `largest` is the largest magnitude among them. */
function addFinite(leaf: usize, end: usize, largest: f64): void {
  const exponent = max(1, <i32>(reinterpret<u64>(largest) >> 52)) - 1023
  const scale = f64x2.splat(powerOfTwo(-exponent))
  const threshold = f64x2.splat(exponent >= -1007 ? powerOfTwo(exponent - 15) : 0)
  const cutHigh = f64x2.splat(1.5 * 2147483648)
  const cutMiddle = f64x2.splat(1.5 * 256)
  let sumHigh = f64x2.splat(0)
  let sumLow = f64x2.splat(0)
  let hh = f64x2.splat(0)
  let hm = f64x2.splat(0)
  let mm = f64x2.splat(0)
  let mr = f64x2.splat(0)
  let rr = f64x2.splat(0)
  for (let at = leaf; at < end; at += 16) {
    let x = v128.load(at)
    const magnitude = f64x2.abs(x)
    const small = f64x2.lt(magnitude, threshold)
    if (v128.any_true(v128.and(small, magnitude))) {
      const alone = v128.and(x, small)
      addExactly(f64x2.extract_lane(alone, 0))
      addExactly(f64x2.extract_lane(alone, 1))
      x = v128.andnot(x, small)
    }
    const scaled = f64x2.mul(x, scale)
    const h = f64x2.sub(f64x2.add(scaled, cutHigh), cutHigh)
    const l = f64x2.sub(scaled, h)
    const m = f64x2.sub(f64x2.add(l, cutMiddle), cutMiddle)
    const r = f64x2.sub(l, m)
    sumHigh = f64x2.add(sumHigh, h)
    sumLow = f64x2.add(sumLow, l)
    hh = f64x2.add(hh, f64x2.mul(h, h))
    hm = f64x2.add(hm, f64x2.mul(h, m))
    mm = f64x2.add(mm, f64x2.add(f64x2.mul(h, f64x2.add(r, r)), f64x2.mul(m, m)))
    mr = f64x2.add(mr, f64x2.mul(m, r))
    rr = f64x2.add(rr, f64x2.mul(r, r))
  }
  addToSum(sumDoubles(sumHigh), exponent)
  addToSum(sumDoubles(sumLow), exponent)
  addToSquares(sumDoubles(hh), 2 * exponent)
  addToSquares(2 * sumDoubles(hm), 2 * exponent)
  addToSquares(f64x2.extract_lane(mm, 0), 2 * exponent)
  addToSquares(f64x2.extract_lane(mm, 1), 2 * exponent)
  addToSquares(2 * sumDoubles(mr), 2 * exponent)
  addToSquares(sumDoubles(rr), 2 * exponent)
}

function powerOfTwo(exponent: i32): f64 {
  return exponent < -1022 ? reinterpret<f64>(<u64>0x8000000000000) : reinterpret<f64>((<u64>(1023 + exponent)) << 52)
}

function sumLanes(x: v128): i32 {
  return <i32>(i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1))
}
