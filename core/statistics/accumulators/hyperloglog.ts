import { fmix32 } from './murmur3.ts'

/**
 * Estimates the number of distinct elements with HyperLogLog (Flajolet et al. 2007) over 64-bit hashes and Ertl's
 * estimator (arXiv:1702.01284, algorithm 6), which needs no bias table. Registers merge by maximum, so the order does
 * not matter. Standard error: 1.04 / sqrt(REGISTERS) = 0.8 %.
 */

const INDEX_BITS = 14
export const REGISTERS = 1 << INDEX_BITS
/** Highest register value: 32 hash bits without a one. */
const HIGHEST = 33

/** Adds an element, given as two 32-bit words (`high` is 0 for 32-bit dtypes). The hash is injective. */
export function addToRegisters(registers: Uint8Array, low: number, high: number): void {
  const a = fmix32((low + Math.imul(high, 0x85ebca77) + 0x2545f491) | 0)
  const c = fmix32((a + Math.imul(high, 0x9e3779b1) + 0x27d4eb2f) | 0)
  const index = a >>> (32 - INDEX_BITS)
  const rank = Math.clz32(c) + 1
  if (rank > (registers[index] as number)) registers[index] = rank
}

export function estimateDistinct(registers: Uint8Array): number {
  const counts = new Float64Array(HIGHEST + 1)
  for (const register of registers) counts[register] = (counts[register] as number) + 1
  let z = REGISTERS * tau(1 - (counts[HIGHEST] as number) / REGISTERS)
  for (let k = HIGHEST - 1; k >= 1; k--) z = (z + (counts[k] as number)) / 2
  z += REGISTERS * sigma((counts[0] as number) / REGISTERS)
  return Math.round((REGISTERS * REGISTERS) / (2 * Math.LN2 * z))
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let x = share
  let y = 1
  let z = share
  for (let before = -1; z !== before; ) {
    x *= x
    before = z
    z += x * y
    y += y
  }
  return z
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let x = share
  let y = 1
  let z = 1 - share
  for (let before = -1; z !== before; ) {
    x = Math.sqrt(x)
    before = z
    y /= 2
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}
