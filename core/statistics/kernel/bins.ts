import { upperHalf } from './lanes'
import { COUNTS, INPUT } from './memory-layout'

function count(bin: u32): void {
  const at = COUNTS + ((<usize>bin) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

export function binFloat32(length: i32): void {
  for (let i = 0; i < length; i++) {
    // Adding 0 turns -0 into 0.
    const bits = reinterpret<i32>(load<f32>(INPUT + ((<usize>i) << 2)) + 0)
    if ((bits & 0x7f800000) != 0x7f800000) count(<u32>(bits ^ ((bits >> 31) | 0x80000000)) >> 16)
  }
}

/** Exponent and 8 fraction bits of 2^-64. */
const FLOAT64_BASE: i32 = (1023 - 64) << 8

export function binFloat64(length: i32): void {
  for (let i = 0; i < length; i++) {
    const bits = reinterpret<i64>(load<f64>(INPUT + ((<usize>i) << 3)) + 0)
    const high = <i32>(bits >> 32)
    if ((high & 0x7ff00000) == 0x7ff00000) continue
    const magnitude = min(32_767, max(0, ((high & 0x7fffffff) >> 12) - FLOAT64_BASE))
    count(high < 0 ? 32_767 - magnitude : 32_768 + magnitude)
  }
}

/** Returns 0 for 0, otherwise 1 + the exponent and the 9 bits after the leading one. */
function sizeBin(size: u64): i32 {
  if (size == 0) return 0
  const exponent = 63 - <i32>clz(size)
  const shift = exponent - 9
  const leading = shift >= 0 ? size >> <u64>shift : size << (<u64>-shift)
  return 1 + (exponent << 9) + (<i32>leading & 511)
}

function countInteger(value: i64, signed: bool): void {
  if (!signed) count(sizeBin(value))
  else if (value < 0) count(32_768 - sizeBin(-value))
  else count(32_768 + sizeBin(value))
}

/** Returns the bins of two sizes in the lower words, from the exponent and leading 9 bits of the equal float64. */
function sizeBins(sizes: v128): v128 {
  return i32x4.sub(i64x2.shr_u(f64x2.convert_low_i32x4_u(sizes), 43), i64x2.splat((1023 << 9) - 1))
}

export function binIntegers32(length: i32, signed: bool): void {
  const whole = length & ~3
  const middle = i32x4.splat(signed ? 32_768 : 0)
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(INPUT + ((<usize>i) << 2))
    const sizes = signed ? i32x4.abs(x) : x
    const low = sizeBins(sizes)
    const high = sizeBins(upperHalf(sizes))
    const bins = i32x4.max_s(
      i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
      i32x4.splat(0),
    )
    const turn = signed ? i32x4.shr_s(x, 31) : i32x4.splat(0)
    const placed = i32x4.add(middle, i32x4.sub(v128.xor(bins, turn), turn))
    count(i32x4.extract_lane(placed, 0))
    count(i32x4.extract_lane(placed, 1))
    count(i32x4.extract_lane(placed, 2))
    count(i32x4.extract_lane(placed, 3))
  }
  for (let i = whole; i < length; i++) {
    const at = INPUT + ((<usize>i) << 2)
    countInteger(signed ? <i64>load<i32>(at) : <i64>load<u32>(at), signed)
  }
}

export function binIntegers64(length: i32, signed: bool): void {
  for (let i = 0; i < length; i++) countInteger(load<i64>(INPUT + ((<usize>i) << 3)), signed)
}
