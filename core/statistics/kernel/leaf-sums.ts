/**
 * Sums finite float32 and their squares without rounding. With the largest magnitude below 2^(M+1), elements of at
 * least 2^(M-19) are multiples of 2^(M-42), and 1,024 of them add up exactly. Added to 1.5 * 2^(2M+11), squares round
 * to multiples of 2^(2M-41), and the running sum that starts there gives the rounding error of each: up to 255 rounded
 * squares and errors add up exactly, and so do four such sums.
 */

/** Results of the last call, per lane: A for the lower two lanes, B for the upper two. */
export let sumA: v128 = f64x2.splat(0)
export let sumB: v128 = f64x2.splat(0)
export let upperA: v128 = f64x2.splat(0)
export let upperB: v128 = f64x2.splat(0)
export let restA: v128 = f64x2.splat(0)
export let restB: v128 = f64x2.splat(0)

/**
 * Sums four float32 at each address from `from` to `end`, in steps of `apart` bytes. `originA` and `originB` come from
 * originOf.
 */
export function sumLanes(from: usize, end: usize, apart: usize, originA: v128, originB: v128): void {
  let sA = f64x2.splat(0)
  let sB = f64x2.splat(0)
  let uA = originA
  let uB = originB
  let rA = f64x2.splat(0)
  let rB = f64x2.splat(0)
  for (let at = from; at < end; at += apart) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(at))
    const b = f64x2.promote_low_f32x4(v128.load64_zero(at, 8))
    sA = f64x2.add(sA, a)
    sB = f64x2.add(sB, b)
    const squareA = f64x2.mul(a, a)
    const squareB = f64x2.mul(b, b)
    const nextA = f64x2.add(uA, squareA)
    const nextB = f64x2.add(uB, squareB)
    rA = f64x2.add(rA, f64x2.sub(squareA, f64x2.sub(nextA, uA)))
    rB = f64x2.add(rB, f64x2.sub(squareB, f64x2.sub(nextB, uB)))
    uA = nextA
    uB = nextB
  }
  sumA = sA
  sumB = sB
  upperA = f64x2.sub(uA, originA)
  upperB = f64x2.sub(uB, originB)
  restA = rA
  restB = rB
}

/** Returns the biased exponents M + 127 of the largest magnitudes, given as bits. */
export function exponentsOf(size: v128): v128 {
  return i32x4.max_s(i32x4.shr_s(size, 23), i32x4.splat(1))
}

/** Returns the bits of 2^(M-19), or 0: the smallest magnitude, besides 0, that these sums allow. */
export function thresholdOf(biased: v128): v128 {
  return i32x4.shl(i32x4.max_s(i32x4.sub(biased, i32x4.splat(19)), i32x4.splat(0)), 23)
}

/** Returns 1.5 * 2^(2M+11) for the biased exponents in the lower two lanes. */
export function originOf(biased: v128): v128 {
  const exponent = i64x2.add(i64x2.shl(i64x2.extend_low_i32x4_u(biased), 1), i64x2.splat(1023 + 11 - 2 * 127))
  return v128.or(i64x2.shl(exponent, 52), i64x2.splat(0x8000000000000))
}
