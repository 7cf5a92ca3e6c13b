import {
  addNan,
  addNegativeInfinity,
  addPositiveInfinity,
  addZeros,
  max as greatest,
  maxAt,
  min as least,
  minAt,
  setMax,
  setMin,
} from './figures'
import { CLEAN, INPUT } from './memory'
import { addExactly, addToSquares, addToSum } from './sums'

/**
 * float32. A block is taken in leaves of up to 512 elements that fit the first-level cache: first counts and extremes, then
 * sums as float64. The leaf's largest magnitude being below 2^(M+1), an element of at least 2^(M-19) is a multiple of
 * 2^(M-42): 512 of them add up without rounding. Its square is cut into a multiple q of 2^(2M-41) and a rest r, both of which
 * add up without rounding. Smaller elements go to the exact sums one by one; there are hardly any in a leaf.
 */

const LEAF = 512
const SIGN = i32x4.splat(0x7fffffff)

/** Tallies `count` elements, the first being number `first`. */
export function tallyFloat32(count: i32, first: f64): void {
  const whole = count & ~3
  for (let start = 0; start < whole; start += LEAF) {
    tallyLeaf(INPUT + ((<usize>start) << 2), min(LEAF, whole - start), first + <f64>start)
  }
  for (let i = whole; i < count; i++) tallyOne(load<f32>(INPUT + ((<usize>i) << 2)), first + <f64>i)
}

function tallyOne(value: f32, at: f64): void {
  const x = <f64>value
  if (x != x) {
    addNan(1)
    return
  }
  if (x == Infinity) {
    addPositiveInfinity(1)
    return
  }
  if (x == -Infinity) {
    addNegativeInfinity(1)
    return
  }
  if (x == 0) addZeros(1)
  if (x < least || (x == least && at < minAt)) setMin(x + 0, at)
  if (x > greatest || (x == greatest && at < maxAt)) setMax(x + 0, at)
  addExactly(x)
}

function tallyLeaf(leaf: usize, count: i32, first: f64): void {
  const end = leaf + ((<usize>count) << 2)
  let low = f32x4.splat(Infinity)
  let high = f32x4.splat(-Infinity)
  let size = i32x4.splat(0)
  let zero = i32x4.splat(0)
  for (let at = leaf; at < end; at += 16) {
    const x = v128.load(at)
    const magnitude = v128.and(x, SIGN)
    low = f32x4.pmin(low, x)
    high = f32x4.pmax(high, x)
    size = i32x4.max_u(size, magnitude)
    zero = i32x4.sub(zero, i32x4.eq(magnitude, i32x4.splat(0)))
  }
  let largest = maxLane(size)
  if (largest >= 0x7f800000) {
    tallyMixedLeaf(leaf, end, first)
    return
  }
  addZeros(sumLanes(zero))
  noteExtremes(leaf, end, first, low, high)
  if (largest != 0) addLeaf(leaf, end, largest)
}

/** A leaf in which not everything is finite: counts that, and takes the rest from a copy with zeros in its place. */
function tallyMixedLeaf(leaf: usize, end: usize, first: f64): void {
  const infinity = i32x4.splat(0x7f800000)
  let low = f32x4.splat(Infinity)
  let high = f32x4.splat(-Infinity)
  let size = i32x4.splat(0)
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
  noteExtremes(leaf, end, first, low, high)
  const largest = maxLane(size)
  if (largest != 0) addLeaf(CLEAN, to, largest)
}

function noteExtremes(leaf: usize, end: usize, first: f64, low: v128, high: v128): void {
  const l = <f64>(
    min(
      min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)),
      min(f32x4.extract_lane(low, 2), f32x4.extract_lane(low, 3)),
    )
  )
  const h = <f64>(
    max(
      max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
      max(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
    )
  )
  if (l < least || (l == least && first < minAt && l != Infinity)) setMin(l + 0, first + <f64>find(leaf, end, <f32>l))
  if (h > greatest || (h == greatest && first < maxAt && h != -Infinity)) {
    setMax(h + 0, first + <f64>find(leaf, end, <f32>h))
  }
}

/** The number of the first element that equals `value`. */
function find(leaf: usize, end: usize, value: f32): i32 {
  let at = leaf
  while (at < end && load<f32>(at) != value) at += 4
  return <i32>((at - leaf) >> 2)
}

/** Adds finite elements, the largest magnitude being that with bits `largest`. */
function addLeaf(leaf: usize, end: usize, largest: i32): void {
  const biased = max(1, largest >> 23)
  const exponent = biased - 127
  const threshold = i32x4.splat(biased > 19 ? (biased - 19) << 23 : 0)
  // Adding and taking it away rounds to a multiple of 2^(2M-41).
  const cut = f64x2.splat(1.5 * reinterpret<f64>((<u64>(1023 + 2 * exponent + 11)) << 52))
  let sumA = f64x2.splat(0)
  let sumB = f64x2.splat(0)
  let upperA = f64x2.splat(0)
  let upperB = f64x2.splat(0)
  let restA = f64x2.splat(0)
  let restB = f64x2.splat(0)
  for (let at = leaf; at < end; at += 16) {
    let x = v128.load(at)
    const magnitude = v128.and(x, SIGN)
    const small = i32x4.lt_s(magnitude, threshold)
    if (v128.any_true(v128.and(small, magnitude))) {
      const alone = v128.and(x, small)
      addExactly(<f64>f32x4.extract_lane(alone, 0))
      addExactly(<f64>f32x4.extract_lane(alone, 1))
      addExactly(<f64>f32x4.extract_lane(alone, 2))
      addExactly(<f64>f32x4.extract_lane(alone, 3))
      x = v128.andnot(x, small)
    }
    const a = f64x2.promote_low_f32x4(x)
    const b = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))
    sumA = f64x2.add(sumA, a)
    sumB = f64x2.add(sumB, b)
    const squareA = f64x2.mul(a, a)
    const squareB = f64x2.mul(b, b)
    const qA = f64x2.sub(f64x2.add(squareA, cut), cut)
    const qB = f64x2.sub(f64x2.add(squareB, cut), cut)
    upperA = f64x2.add(upperA, qA)
    upperB = f64x2.add(upperB, qB)
    restA = f64x2.add(restA, f64x2.sub(squareA, qA))
    restB = f64x2.add(restB, f64x2.sub(squareB, qB))
  }
  addToSum(sumPairs(f64x2.add(sumA, sumB)), 0)
  addToSquares(sumPairs(f64x2.add(upperA, upperB)), 0)
  addToSquares(sumPairs(f64x2.add(restA, restB)), 0)
}

function sumPairs(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
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
