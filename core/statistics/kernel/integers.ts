import { addZeros } from './counters'
import { INPUT } from './memory-layout'

/**
 * 32- and 64-bit integers, made unsigned: `flip` inverts the sign bit of signed ones. Products of 32-bit words are
 * summed in two halves each, so that 2^31 of them fit. The caller derives the sums of signed integers.
 */

/** Sums of the lower and of the higher 32-bit words of the elements. */
export let sumLow: u64 = 0
export let sumHigh: u64 = 0
/** Sums of the products of words, lower and higher half each: low · low, low · high, high · high. */
export let lowLow: u64 = 0
export let lowLowHigh: u64 = 0
export let lowHigh: u64 = 0
export let lowHighHigh: u64 = 0
export let highHigh: u64 = 0
export let highHighHigh: u64 = 0
/** Extremes as unsigned integers, and their positions. */
export let least: u64 = 0
export let greatest: u64 = 0
export let leastAt: f64 = Infinity
export let greatestAt: f64 = Infinity

/** Elements accumulated at once. A new extreme is searched for its position only there. */
const LEAF = 1024

function updateExtremes(low: u64, high: u64, lowAt: f64, highAt: f64): void {
  if (leastAt == Infinity || low < least || (low == least && lowAt < leastAt)) {
    least = low
    leastAt = lowAt
  }
  if (greatestAt == Infinity || high > greatest || (high == greatest && highAt < greatestAt)) {
    greatest = high
    greatestAt = highAt
  }
}

/** Accumulates `count` 32-bit integers; the first has number `first`. `flip` is 2^31 for signed ones, else 0. */
export function accumulateIntegers32(count: i32, first: f64, flip: u32): void {
  const whole = count & ~3
  for (let start = 0; start < whole; start += LEAF) {
    accumulateLeaf32(INPUT + ((<usize>start) << 2), min(LEAF, whole - start), first + <f64>start, flip)
  }
  for (let i = whole; i < count; i++) {
    const bits = load<u32>(INPUT + ((<usize>i) << 2))
    const x = <u64>(bits ^ flip)
    if (bits == 0) addZeros(1)
    updateExtremes(x, x, first + <f64>i, first + <f64>i)
    sumLow += x
    lowLow += (x * x) & 0xffffffff
    lowLowHigh += (x * x) >> 32
  }
}

function accumulateLeaf32(leaf: usize, count: i32, first: f64, flip: u32): void {
  const end = leaf + ((<usize>count) << 2)
  const turn = i32x4.splat(flip)
  const mask = i64x2.splat(0xffffffff)
  let low = i32x4.splat(-1)
  let high = i32x4.splat(0)
  let zero = i32x4.splat(0)
  let sum = i64x2.splat(0)
  let squares = i64x2.splat(0)
  let squaresHigh = i64x2.splat(0)
  for (let at = leaf; at < end; at += 16) {
    const bits = v128.load(at)
    const x = v128.xor(bits, turn)
    low = i32x4.min_u(low, x)
    high = i32x4.max_u(high, x)
    zero = i32x4.sub(zero, i32x4.eq(bits, i32x4.splat(0)))
    sum = i64x2.add(sum, i64x2.add(v128.and(x, mask), i64x2.shr_u(x, 32)))
    const a = i64x2.extmul_low_i32x4_u(x, x)
    const b = i64x2.extmul_high_i32x4_u(x, x)
    squares = i64x2.add(squares, i64x2.add(v128.and(a, mask), v128.and(b, mask)))
    squaresHigh = i64x2.add(squaresHigh, i64x2.add(i64x2.shr_u(a, 32), i64x2.shr_u(b, 32)))
  }
  addZeros(<i32>sumWords(zero))
  sumLow += sumPairs(sum)
  lowLow += sumPairs(squares)
  lowLowHigh += sumPairs(squaresHigh)
  const l = minWord(low)
  const h = maxWord(high)
  const newLeast = leastAt == Infinity || l < least || (l == least && first < leastAt)
  const newGreatest = greatestAt == Infinity || h > greatest || (h == greatest && first < greatestAt)
  if (newLeast || newGreatest) {
    const lowAt = newLeast ? first + <f64>find32(leaf, end, <u32>l ^ flip) : Infinity
    const highAt = newGreatest ? first + <f64>find32(leaf, end, <u32>h ^ flip) : Infinity
    updateExtremes(newLeast ? l : u64.MAX_VALUE, newGreatest ? h : 0, lowAt, highAt)
  }
}

function find32(leaf: usize, end: usize, bits: u32): i32 {
  let at = leaf
  while (at < end && load<u32>(at) != bits) at += 4
  return <i32>((at - leaf) >> 2)
}

/** Accumulates `count` 64-bit integers; the first has number `first`. `flip` is 2^63 for signed ones, else 0. */
export function accumulateIntegers64(count: i32, first: f64, flip: u64): void {
  const whole = count & ~3
  for (let start = 0; start < whole; start += LEAF) {
    accumulateLeaf64(INPUT + ((<usize>start) << 3), min(LEAF, whole - start), first + <f64>start, flip)
  }
  for (let i = whole; i < count; i++) {
    const bits = load<u64>(INPUT + ((<usize>i) << 3))
    const x = bits ^ flip
    const l = x & 0xffffffff
    const h = x >> 32
    if (bits == 0) addZeros(1)
    updateExtremes(x, x, first + <f64>i, first + <f64>i)
    sumLow += l
    sumHigh += h
    lowLow += (l * l) & 0xffffffff
    lowLowHigh += (l * l) >> 32
    lowHigh += (l * h) & 0xffffffff
    lowHighHigh += (l * h) >> 32
    highHigh += (h * h) & 0xffffffff
    highHighHigh += (h * h) >> 32
  }
}

function accumulateLeaf64(leaf: usize, count: i32, first: f64, flip: u64): void {
  const end = leaf + ((<usize>count) << 3)
  const turn = i64x2.splat(flip)
  // WebAssembly compares 64-bit lanes only as signed integers.
  const sign = i64x2.splat(0x8000000000000000)
  const mask = i64x2.splat(0xffffffff)
  let low = i64x2.splat(i64.MAX_VALUE)
  let high = i64x2.splat(i64.MIN_VALUE)
  let zero = i64x2.splat(0)
  let lows = i64x2.splat(0)
  let highs = i64x2.splat(0)
  let ll = i64x2.splat(0)
  let llHigh = i64x2.splat(0)
  let lh = i64x2.splat(0)
  let lhHigh = i64x2.splat(0)
  let hh = i64x2.splat(0)
  let hhHigh = i64x2.splat(0)
  for (let at = leaf; at < end; at += 32) {
    const p = v128.xor(v128.load(at), turn)
    const q = v128.xor(v128.load(at, 16), turn)
    zero = i64x2.sub(zero, i64x2.add(i64x2.eq(p, turn), i64x2.eq(q, turn)))
    const signedP = v128.xor(p, sign)
    const signedQ = v128.xor(q, sign)
    low = v128.bitselect(signedP, low, i64x2.lt_s(signedP, low))
    high = v128.bitselect(signedP, high, i64x2.gt_s(signedP, high))
    low = v128.bitselect(signedQ, low, i64x2.lt_s(signedQ, low))
    high = v128.bitselect(signedQ, high, i64x2.gt_s(signedQ, high))
    // The lower and the higher words of four elements, in 64 bits each.
    const lp = v128.and(p, mask)
    const lq = v128.and(q, mask)
    const hp = i64x2.shr_u(p, 32)
    const hq = i64x2.shr_u(q, 32)
    lows = i64x2.add(lows, i64x2.add(lp, lq))
    highs = i64x2.add(highs, i64x2.add(hp, hq))
    const l = i8x16.shuffle(p, q, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
    const h = i8x16.shuffle(p, q, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
    const ll0 = i64x2.extmul_low_i32x4_u(l, l)
    const ll1 = i64x2.extmul_high_i32x4_u(l, l)
    ll = i64x2.add(ll, i64x2.add(v128.and(ll0, mask), v128.and(ll1, mask)))
    llHigh = i64x2.add(llHigh, i64x2.add(i64x2.shr_u(ll0, 32), i64x2.shr_u(ll1, 32)))
    const lh0 = i64x2.extmul_low_i32x4_u(l, h)
    const lh1 = i64x2.extmul_high_i32x4_u(l, h)
    lh = i64x2.add(lh, i64x2.add(v128.and(lh0, mask), v128.and(lh1, mask)))
    lhHigh = i64x2.add(lhHigh, i64x2.add(i64x2.shr_u(lh0, 32), i64x2.shr_u(lh1, 32)))
    const hh0 = i64x2.extmul_low_i32x4_u(h, h)
    const hh1 = i64x2.extmul_high_i32x4_u(h, h)
    hh = i64x2.add(hh, i64x2.add(v128.and(hh0, mask), v128.and(hh1, mask)))
    hhHigh = i64x2.add(hhHigh, i64x2.add(i64x2.shr_u(hh0, 32), i64x2.shr_u(hh1, 32)))
  }
  addZeros(<i32>sumPairs(zero))
  sumLow += sumPairs(lows)
  sumHigh += sumPairs(highs)
  lowLow += sumPairs(ll)
  lowLowHigh += sumPairs(llHigh)
  lowHigh += sumPairs(lh)
  lowHighHigh += sumPairs(lhHigh)
  highHigh += sumPairs(hh)
  highHighHigh += sumPairs(hhHigh)
  const l = <u64>min(i64x2.extract_lane(low, 0), i64x2.extract_lane(low, 1)) ^ 0x8000000000000000
  const h = <u64>max(i64x2.extract_lane(high, 0), i64x2.extract_lane(high, 1)) ^ 0x8000000000000000
  const newLeast = leastAt == Infinity || l < least || (l == least && first < leastAt)
  const newGreatest = greatestAt == Infinity || h > greatest || (h == greatest && first < greatestAt)
  if (newLeast || newGreatest) {
    const lowAt = newLeast ? first + <f64>find64(leaf, end, l ^ flip) : Infinity
    const highAt = newGreatest ? first + <f64>find64(leaf, end, h ^ flip) : Infinity
    updateExtremes(newLeast ? l : u64.MAX_VALUE, newGreatest ? h : 0, lowAt, highAt)
  }
}

function find64(leaf: usize, end: usize, bits: u64): i32 {
  let at = leaf
  while (at < end && load<u64>(at) != bits) at += 8
  return <i32>((at - leaf) >> 3)
}

function sumPairs(x: v128): u64 {
  return i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1)
}

function sumWords(x: v128): i32 {
  return i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1) + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3)
}

function minWord(x: v128): u64 {
  return <u64>(
    min(
      min(<u32>i32x4.extract_lane(x, 0), <u32>i32x4.extract_lane(x, 1)),
      min(<u32>i32x4.extract_lane(x, 2), <u32>i32x4.extract_lane(x, 3)),
    )
  )
}

function maxWord(x: v128): u64 {
  return <u64>(
    max(
      max(<u32>i32x4.extract_lane(x, 0), <u32>i32x4.extract_lane(x, 1)),
      max(<u32>i32x4.extract_lane(x, 2), <u32>i32x4.extract_lane(x, 3)),
    )
  )
}
