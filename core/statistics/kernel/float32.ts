import { addNan, addNegativeInfinity, addPositiveInfinity, addZeros } from './counters'
import { updateExtremes, accumulateOne } from './floats'
import { greatestFloat, greatestInteger, greatestWord, leastFloat, leastWord, sumDoubles, sumWords } from './lanes'
import { exponentsOf, originOf, restA, restB, sumA, sumB, sumLanes, thresholdOf, upperA, upperB } from './leaf-sums'
import { CLEAN, INPUT } from './memory-layout'
import { addExactly, addToSquares, addToSum } from './sum-tables'

/**
 * float32. A block is processed in leaves of up to 1,020 elements that fit the first-level cache: first the extremes,
 * then the sums in float64 (leaf-sums.ts). Leaves with elements too small for these are rare and use the exact sums,
 * one element at a time.
 */

const LEAF = 1020
const SIGN = i32x4.splat(0x7fffffff)

/** Accumulates `count` elements; the first has number `first`. */
export function accumulateFloat32(count: i32, first: f64): void {
  const whole = count & ~3
  for (let start = 0; start < whole; start += LEAF) {
    accumulateLeaf(INPUT + ((<usize>start) << 2), min(LEAF, whole - start), first + <f64>start)
  }
  for (let i = whole; i < count; i++) accumulateOne(<f64>load<f32>(INPUT + ((<usize>i) << 2)), first + <f64>i)
}

function accumulateLeaf(leaf: usize, count: i32, first: f64): void {
  const end = leaf + ((<usize>count) << 2)
  // The bits of positive floats are in order. Those of negative floats are in reverse order: greater than all positive
  // ones as unsigned integers, less as signed ones.
  let signed = i32x4.splat(i32.MIN_VALUE)
  let unsigned = i32x4.splat(0)
  let magnitude = i32x4.splat(-1)
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    signed = i32x4.max_s(signed, x)
    unsigned = i32x4.max_u(unsigned, x)
    magnitude = i32x4.min_u(magnitude, v128.and(x, SIGN))
  }
  const above = greatestInteger(signed)
  const below = greatestWord(unsigned)
  if (above >= 0x7f800000 || below >= 0xff800000) {
    accumulateMixedLeaf(leaf, end, first)
    return
  }
  const least = leastWord(magnitude)
  const low = below >= 0x80000000 ? below : least
  const high = above >= 0 ? <u32>above : least | 0x80000000
  updateExtremes<f32>(leaf, first, <f64>reinterpret<f32>(low), <f64>reinterpret<f32>(high))
  addLeaf(leaf, end, max(low & 0x7fffffff, high & 0x7fffffff), least || countZeros(leaf, end))
}

/** Counts the zeros of a leaf; returns the bits of the smallest other magnitude. */
function countZeros(leaf: usize, end: usize): u32 {
  let zero = i32x4.splat(0)
  let least = i32x4.splat(-1)
  for (let at = leaf; at < end; at += 16) {
    const magnitude = v128.and(v128.load(at), SIGN)
    zero = i32x4.sub(zero, i32x4.eq(magnitude, i32x4.splat(0)))
    // 0 - 1 wraps to the largest unsigned number, which the minimum ignores.
    least = i32x4.min_u(least, i32x4.sub(magnitude, i32x4.splat(1)))
  }
  addZeros(sumWords(zero))
  return leastWord(least) + 1
}

/** Counts the elements of a leaf that are not finite, and adds a copy with zeros in their place. */
function accumulateMixedLeaf(leaf: usize, end: usize, first: f64): void {
  const infinity = i32x4.splat(0x7f800000)
  let low = f32x4.splat(Infinity)
  let high = f32x4.splat(-Infinity)
  let size = i32x4.splat(0)
  let least = i32x4.splat(-1)
  let zero = i32x4.splat(0)
  let nans = i32x4.splat(0)
  let positive = i32x4.splat(0)
  let negative = i32x4.splat(0)
  let to = CLEAN
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    const magnitude = v128.and(x, SIGN)
    const finite = i32x4.lt_s(magnitude, infinity)
    low = f32x4.pmin(low, v128.bitselect(x, f32x4.splat(Infinity), finite))
    high = f32x4.pmax(high, v128.bitselect(x, f32x4.splat(-Infinity), finite))
    size = i32x4.max_u(size, v128.and(magnitude, finite))
    least = i32x4.min_u(least, i32x4.sub(v128.and(magnitude, finite), i32x4.splat(1)))
    zero = i32x4.sub(zero, i32x4.eq(magnitude, i32x4.splat(0)))
    nans = i32x4.sub(nans, i32x4.gt_s(magnitude, infinity))
    positive = i32x4.sub(positive, i32x4.eq(x, infinity))
    negative = i32x4.sub(negative, i32x4.eq(x, i32x4.splat(0xff800000)))
    v128.store(to, v128.and(x, finite))
    to += 16
  }
  addZeros(sumWords(zero))
  addNan(sumWords(nans))
  addPositiveInfinity(sumWords(positive))
  addNegativeInfinity(sumWords(negative))
  updateExtremes<f32>(leaf, first, <f64>leastFloat(low), <f64>greatestFloat(high))
  addLeaf(CLEAN, to, greatestWord(size), leastWord(least) + 1)
}

/**
 * Adds finite elements. `largest` and `least` are the bits of the largest and of the smallest nonzero magnitude (0 for
 * none).
 */
function addLeaf(leaf: usize, end: usize, largest: u32, least: u32): void {
  if (largest == 0) return
  const biased = exponentsOf(i32x4.splat(largest))
  const threshold = thresholdOf(biased)
  if (least >= <u32>i32x4.extract_lane(threshold, 0)) addAlike(leaf, end, originOf(biased))
  else addUnlike(leaf, end, originOf(biased), threshold)
}

function addUnlike(leaf: usize, end: usize, origin: v128, threshold: v128): void {
  let to = CLEAN
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    const small = i32x4.lt_s(v128.and(x, SIGN), threshold)
    const alone = v128.and(x, small)
    if (v128.any_true(alone)) {
      addExactly(<f64>f32x4.extract_lane(alone, 0))
      addExactly(<f64>f32x4.extract_lane(alone, 1))
      addExactly(<f64>f32x4.extract_lane(alone, 2))
      addExactly(<f64>f32x4.extract_lane(alone, 3))
    }
    v128.store(to, v128.andnot(x, small))
    to += 16
  }
  addAlike(CLEAN, to, origin)
}

/** Adds elements none of which is much smaller than the largest. */
function addAlike(leaf: usize, end: usize, origin: v128): void {
  sumLanes(leaf, end, 16, origin, origin)
  addToSum(sumDoubles(f64x2.add(sumA, sumB)), 0)
  addToSquares(sumDoubles(f64x2.add(upperA, upperB)), 0)
  addToSquares(sumDoubles(f64x2.add(restA, restB)), 0)
}
