import type { PackageVersion } from './npkg.ts'

/** The checksum at the end of a package, from the checksums of its files (docs/format.md 3). */

/** The reversed CRC-32 polynomial without x^32 (RFC 1952 8). */
const POLYNOMIAL = 0xedb88320
/** The polynomial 1: bit 31 is x^0. */
const ONE = 0x80000000

export interface CrcOfFile {
  readonly crc32: number
  readonly size: number
}

/** Versions 0 and 1: one CRC-32 over all files, in order. Version 2: the CRC-32 of their CRC-32s, 4 bytes each. */
export function packageChecksum(version: PackageVersion, files: readonly CrcOfFile[]): number {
  let total = 0
  for (const { crc32, size } of files) {
    total = version === 2 ? appendWord(total, crc32) : appendCrc32(total, crc32, size)
  }
  return total
}

/** CRC-32 of A followed by B, from both and B's length in bytes: A's times x^(8·length), plus B's. */
export const appendCrc32 = (a: number, b: number, length: number): number =>
  (multiply(powerOfX(8 * length), a) ^ b) >>> 0

function appendWord(crc: number, word: number): number {
  let value = (crc ^ 0xffffffff ^ word) >>> 0
  for (let bit = 0; bit < 32; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return (value ^ 0xffffffff) >>> 0
}

function multiply(a: number, b: number): number {
  let product = 0
  let shifted = b
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= shifted
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1
  }
  return product >>> 0
}

function powerOfX(exponent: number): number {
  let power = ONE
  let square = ONE >>> 1
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(square, power)
    square = multiply(square, square)
  }
  return power
}
