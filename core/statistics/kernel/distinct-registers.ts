import { INPUT, REGISTERS } from './memory-layout'

/** The hash of ../accumulators/hyperloglog.ts, four elements at a time. */

function fmix32(word: v128): v128 {
  let h = v128.xor(word, i32x4.shr_u(word, 16))
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b))
  h = v128.xor(h, i32x4.shr_u(h, 13))
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35))
  return v128.xor(h, i32x4.shr_u(h, 16))
}

function raise(index: i32, hash: i32): void {
  const at = REGISTERS + <usize>index
  const rank = clz(hash) + 1
  if (rank > <i32>load<u8>(at)) store<u8>(at, rank)
}

function note(a: v128, c: v128, count: i32): void {
  const index = i32x4.shr_u(a, 18)
  raise(i32x4.extract_lane(index, 0), i32x4.extract_lane(c, 0))
  if (count > 1) raise(i32x4.extract_lane(index, 1), i32x4.extract_lane(c, 1))
  if (count > 2) raise(i32x4.extract_lane(index, 2), i32x4.extract_lane(c, 2))
  if (count > 3) raise(i32x4.extract_lane(index, 3), i32x4.extract_lane(c, 3))
}

function noteNarrow(low: v128, count: i32): void {
  const a = fmix32(i32x4.add(low, i32x4.splat(0x2545f491)))
  note(a, fmix32(i32x4.add(a, i32x4.splat(0x27d4eb2f))), count)
}

function noteWide(p: v128, q: v128, count: i32): void {
  const low = i8x16.shuffle(p, q, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
  const high = i8x16.shuffle(p, q, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
  const a = fmix32(i32x4.add(low, i32x4.add(i32x4.mul(high, i32x4.splat(0x85ebca77)), i32x4.splat(0x2545f491))))
  const c = fmix32(i32x4.add(a, i32x4.add(i32x4.mul(high, i32x4.splat(0x9e3779b1)), i32x4.splat(0x27d4eb2f))))
  note(a, c, count)
}

export function addDistinctIntegers32(length: i32): void {
  for (let i = 0; i < length; i += 4) noteNarrow(v128.load(INPUT + ((<usize>i) << 2)), length - i)
}

/** Counts all NaN as one element, and -0 as 0. */
export function addDistinctFloat32(length: i32): void {
  for (let i = 0; i < length; i += 4) {
    const x = f32x4.add(v128.load(INPUT + ((<usize>i) << 2)), f32x4.splat(0))
    noteNarrow(v128.bitselect(x, i32x4.splat(0x7fc00000), f32x4.eq(x, x)), length - i)
  }
}

export function addDistinctIntegers64(length: i32): void {
  for (let i = 0; i < length; i += 4) {
    const at = INPUT + ((<usize>i) << 3)
    noteWide(v128.load(at), v128.load(at, 16), length - i)
  }
}

export function addDistinctFloat64(length: i32): void {
  const nan = i64x2.splat(0x7ff8000000000000)
  for (let i = 0; i < length; i += 4) {
    const at = INPUT + ((<usize>i) << 3)
    const p = f64x2.add(v128.load(at), f64x2.splat(0))
    const q = f64x2.add(v128.load(at, 16), f64x2.splat(0))
    noteWide(v128.bitselect(p, nan, f64x2.eq(p, p)), v128.bitselect(q, nan, f64x2.eq(q, q)), length - i)
  }
}
