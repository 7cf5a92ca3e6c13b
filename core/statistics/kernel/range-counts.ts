import { COUNTS, INPUT, RANGES } from './memory-layout'

/** Counts elements in key ranges: see ../accumulators/refinement-pass.ts. */

/** Distance between the counts of two ranges: the bins of a range, and padding. */
const RANGE_BINS: usize = 16_400

let ranges: i32 = 0

/** Starts counting in the `rangeCount` ranges at RANGES. */
export function startRangeCounts(rangeCount: i32): void {
  ranges = rangeCount
}

function countKey(key: u64): void {
  for (let i = 0; i < ranges; i++) {
    const range = RANGES + <usize>(i * 24)
    const low = load<u64>(range)
    if (key < low || key > load<u64>(range, 8)) continue
    const shift = load<u64>(range, 16)
    const at = COUNTS + ((<usize>i * RANGE_BINS + <usize>((key >> shift) - (low >> shift))) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

export function countRangesFloat32(length: i32): void {
  for (let i = 0; i < length; i++) {
    const x = load<f32>(INPUT + ((<usize>i) << 2)) + 0
    const bits = reinterpret<i32>(x)
    if ((bits & 0x7f800000) == 0x7f800000) continue
    countKey(<u64>(<u32>(bits ^ ((bits >> 31) | 0x80000000))))
  }
}

export function countRangesFloat64(length: i32): void {
  for (let i = 0; i < length; i++) {
    const x = load<f64>(INPUT + ((<usize>i) << 3)) + 0
    const bits = reinterpret<i64>(x)
    if ((bits & 0x7ff0000000000000) == 0x7ff0000000000000) continue
    countKey(<u64>(bits ^ ((bits >> 63) | 0x8000000000000000)))
  }
}

export function countRangesIntegers32(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u32>(INPUT + ((<usize>i) << 2))
    countKey(<u64>(signed ? bits ^ 0x80000000 : bits))
  }
}

export function countRangesIntegers64(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) {
    const bits = load<u64>(INPUT + ((<usize>i) << 3))
    countKey(signed ? bits ^ 0x8000000000000000 : bits)
  }
}
