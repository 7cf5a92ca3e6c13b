import { INPUT } from './memory-layout'

/** Converts elements to float32 or float64, from element `from` of the block on. */
export function convert<To>(kind: i32, from: i32, count: i32, to: usize): void {
  if (kind == 0) convertFrom<f32, To>(from, count, to)
  else if (kind == 1) convertFrom<f64, To>(from, count, to)
  else if (kind == 2) convertFrom<u8, To>(from, count, to)
  else if (kind == 3) convertFrom<i8, To>(from, count, to)
  else if (kind == 4) convertFrom<u16, To>(from, count, to)
  else if (kind == 5) convertFrom<i16, To>(from, count, to)
  else if (kind == 6) convertFrom<u32, To>(from, count, to)
  else if (kind == 7) convertFrom<i32, To>(from, count, to)
  else {
    for (let i: usize = 0; i < <usize>count; i++) {
      const at = <usize>from + i
      const value: f64 = kind == 8 ? (load<u8>(INPUT + at) == 0 ? 0 : 1) : half(load<u16>(INPUT + (at << 1)))
      store<To>(to + i * sizeof<To>(), <To>value)
    }
  }
}

function convertFrom<From, To>(from: i32, count: i32, to: usize): void {
  let at = INPUT + <usize>from * sizeof<From>()
  const end = to + <usize>count * sizeof<To>()
  if (sizeof<From>() >= 4 && sizeof<To>() == 8) {
    for (; to + 16 <= end; to += 16) {
      v128.store(to, pairAt<From>(at))
      at += 2 * sizeof<From>()
    }
  }
  for (; to < end; to += sizeof<To>()) {
    store<To>(to, <To>load<From>(at))
    at += sizeof<From>()
  }
}

function half(bits: u32): f64 {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const sign = (<u64>(bits >> 15)) << 63
  if (exponent == 31) return reinterpret<f64>(sign | 0x7ff0000000000000 | ((<u64>fraction) << 42))
  if (exponent == 0)
    return copysign<f64>(<f64>fraction * (1.0 / 16777216.0), reinterpret<f64>(sign | 0x3ff0000000000000))
  return reinterpret<f64>(sign | ((<u64>(exponent + 1008)) << 52) | ((<u64>fraction) << 42))
}

export function pairAt<T>(at: usize): v128 {
  if (isFloat<T>()) return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at))
  const words = v128.load64_zero(at)
  return isSigned<T>() ? f64x2.convert_low_i32x4_s(words) : f64x2.convert_low_i32x4_u(words)
}
