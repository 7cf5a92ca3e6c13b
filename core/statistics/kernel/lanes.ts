/** Moves the upper two of four lanes to the lower ones. */
export function upperHalf(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
}

export function leastFloat(x: v128): f32 {
  const y = f32x4.pmin(x, upperHalf(x))
  return min(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1))
}

export function greatestFloat(x: v128): f32 {
  const y = f32x4.pmax(x, upperHalf(x))
  return max(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1))
}

export function leastWord(x: v128): u32 {
  const y = i32x4.min_u(x, upperHalf(x))
  return min<u32>(i32x4.extract_lane(y, 0), i32x4.extract_lane(y, 1))
}

export function greatestWord(x: v128): u32 {
  const y = i32x4.max_u(x, upperHalf(x))
  return max<u32>(i32x4.extract_lane(y, 0), i32x4.extract_lane(y, 1))
}

export function greatestInteger(x: v128): i32 {
  const y = i32x4.max_s(x, upperHalf(x))
  return max<i32>(i32x4.extract_lane(y, 0), i32x4.extract_lane(y, 1))
}

export function sumWords(x: v128): i32 {
  const y = i32x4.add(x, upperHalf(x))
  return i32x4.extract_lane(y, 0) + i32x4.extract_lane(y, 1)
}

export function sumDoubles(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}
