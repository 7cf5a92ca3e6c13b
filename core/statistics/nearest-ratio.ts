/**
 * Exact arithmetic for the end of a scan. Sums are integers in a smallest unit; only the final result is rounded, once,
 * to the nearest float64 (ties to even).
 */

function bitLength(value: bigint): number {
  const digits = (value < 0n ? -value : value).toString(16)
  return 4 * digits.length - (Math.clz32(Number.parseInt(digits[0] as string, 16)) - 28)
}

const powerOfTwo = (exponent: number): number => 2 ** exponent

const shifted = (value: bigint, shift: number): bigint =>
  shift >= 0 ? value << BigInt(shift) : value >> BigInt(-shift)

/** Returns the exponent of the last bit of a float64 whose leading bit is 2^exponent. */
const lastBit = (exponent: number): number => Math.max(exponent - 52, -1074)

function floorLog2(numerator: bigint, denominator: bigint): number {
  const guess = bitLength(numerator) - bitLength(denominator)
  const atLeast = guess >= 0 ? numerator >= denominator << BigInt(guess) : numerator << BigInt(-guess) >= denominator
  return atLeast ? guess : guess - 1
}

/** Returns the float64 nearest to numerator / denominator (denominator > 0), or an infinity on overflow. */
export function nearestRatio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0
  const size = numerator < 0n ? -numerator : numerator
  const exponent = floorLog2(size, denominator)
  if (exponent > 1023) return numerator < 0n ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const last = lastBit(exponent)
  const scaled = last >= 0 ? size : size << BigInt(-last)
  const divisor = last >= 0 ? denominator << BigInt(last) : denominator
  const floor = scaled / divisor
  const twiceRest = 2n * (scaled - floor * divisor)
  const up = twiceRest > divisor || (twiceRest === divisor && (floor & 1n) === 1n)
  const result = Number(up ? floor + 1n : floor) * powerOfTwo(last)
  return numerator < 0n ? -result : result
}

/** Returns the float64 nearest to sqrt(numerator / denominator) (numerator >= 0, denominator > 0). */
export function nearestRootOfRatio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0
  const last = lastBit(Math.floor(floorLog2(numerator, denominator) / 2))
  const scaled = shifted(numerator, Math.max(0, -2 * last))
  const divisor = shifted(denominator, Math.max(0, 2 * last))
  const floor = squareRoot(scaled / divisor)
  // The root is above the midpoint of two floats exactly when its square is above the midpoint's square.
  const middle = 2n * floor + 1n
  const up = 4n * scaled > middle * middle * divisor
  return Number(up ? floor + 1n : floor) * powerOfTwo(last)
}

function squareRoot(value: bigint): bigint {
  if (value === 0n) return 0n
  let root = BigInt(Math.floor(Math.sqrt(Number(value)))) + 1n
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) break
    root = next
  }
  while (root * root > value) root--
  while ((root + 1n) * (root + 1n) <= value) root++
  return root
}
