import { addNan, addNegativeInfinity, addPositiveInfinity, addZeros } from './figures'
import { noteExtremes, sumPairs, tallyOne } from './floats'
import { CLEAN, INPUT } from './memory'
import { addExactly, addToSquares, addToSum } from './sums'

/**
 * float32. A block is taken in leaves of up to 512 elements that fit the first-level cache: first extremes, then sums as
 * float64. The leaf's largest magnitude being below 2^(M+1), an element of at least 2^(M-19) is a multiple of 2^(M-42): 512 of
 * them add up without rounding. Added to 1.5 * 2^(2M+11), squares round to multiples of 2^(2M-41), and a running sum that
 * begins there says what each is rounded to: both these and the rests add up without rounding. A leaf with smaller elements,
 * which is rare, gives them to the exact sums one by one.
 */

const LEAF = 512
const SIGN = i32x4.splat(0x7fffffff)

/** Tallies `count` elements, the first being number `first`. */
export function tallyFloat32(count: i32, first: f64): void {
  const whole = count & ~3
  for (let start = 0; start < whole; start += LEAF) {
    tallyLeaf(INPUT + ((<usize>start) << 2), min(LEAF, whole - start), first + <f64>start)
  }
  for (let i = whole; i < count; i++) tallyOne(<f64>load<f32>(INPUT + ((<usize>i) << 2)), first + <f64>i)
}

function tallyLeaf(leaf: usize, count: i32, first: f64): void {
  const end = leaf + ((<usize>count) << 2)
  let low = f32x4.splat(Infinity)
  let high = f32x4.splat(-Infinity)
  let size = i32x4.splat(0)
  let least = i32x4.splat(-1)
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    const magnitude = v128.and(x, SIGN)
    low = f32x4.pmin(low, x)
    high = f32x4.pmax(high, x)
    size = i32x4.max_u(size, magnitude)
    least = i32x4.min_u(least, magnitude)
  }
  const largest = maxLane(size)
  if (largest >= 0x7f800000) {
    tallyMixedLeaf(leaf, end, first)
    return
  }
  noteExtremes<f32>(leaf, first, <f64>lowest(low), <f64>highest(high))
  addLeaf(leaf, end, largest, minLane(least) == 0 ? countZeros(leaf, end) : minLane(least))
}

/** Counts the zeros of a leaf; returns the bits of the least magnitude beside them. */
function countZeros(leaf: usize, end: usize): u32 {
  let zero = i32x4.splat(0)
  let least = i32x4.splat(-1)
  for (let at = leaf; at < end; at += 16) {
    const magnitude = v128.and(v128.load(at), SIGN)
    zero = i32x4.sub(zero, i32x4.eq(magnitude, i32x4.splat(0)))
    // What comes before zero is the greatest unsigned number.
    least = i32x4.min_u(least, i32x4.sub(magnitude, i32x4.splat(1)))
  }
  addZeros(sumLanes(zero))
  return minLane(least) + 1
}

/** A leaf in which not everything is finite: counts that, and takes the rest from a copy with zeros in its place. */
function tallyMixedLeaf(leaf: usize, end: usize, first: f64): void {
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
  addZeros(sumLanes(zero))
  addNan(sumLanes(nans))
  addPositiveInfinity(sumLanes(positive))
  addNegativeInfinity(sumLanes(negative))
  noteExtremes<f32>(leaf, first, <f64>lowest(low), <f64>highest(high))
  addLeaf(CLEAN, to, maxLane(size), minLane(least) + 1)
}

/** Adds finite elements; the bits of the largest magnitude, and of the least that is not zero (0: there is none). */
function addLeaf(leaf: usize, end: usize, largest: i32, least: u32): void {
  if (largest == 0) return
  const biased = max(1, largest >> 23)
  const exponent = biased - 127
  const threshold = biased > 19 ? (biased - 19) << 23 : 0
  const start = 1.5 * reinterpret<f64>((<u64>(1023 + 2 * exponent + 11)) << 52)
  if (least >= <u32>threshold) addAlike(leaf, end, start)
  else addUnlike(leaf, end, start, i32x4.splat(threshold))
}

function addUnlike(leaf: usize, end: usize, start: f64, threshold: v128): void {
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
  addAlike(CLEAN, to, start)
}

/** Adds elements none of which is much smaller than the largest. */
function addAlike(leaf: usize, end: usize, start: f64): void {
  let sumA = f64x2.splat(0)
  let sumB = f64x2.splat(0)
  let upperA = f64x2.splat(start)
  let upperB = f64x2.splat(start)
  let restA = f64x2.splat(0)
  let restB = f64x2.splat(0)
  for (let at = leaf; at < end; at += 16) {
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
  const origin = f64x2.splat(start)
  addToSum(sumPairs(f64x2.add(sumA, sumB)), 0)
  addToSquares(sumPairs(f64x2.add(f64x2.sub(upperA, origin), f64x2.sub(upperB, origin))), 0)
  addToSquares(sumPairs(f64x2.add(restA, restB)), 0)
}

function lowest(x: v128): f32 {
  return min(
    min(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    min(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  )
}

function highest(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  )
}

function sumLanes(x: v128): i32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
}

function maxLane(x: v128): i32 {
  return max(
    max(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1)),
    max(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)),
  )
}

function minLane(x: v128): u32 {
  return min(
    min<u32>(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1)),
    min<u32>(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)),
  )
}
