import { COUNTS, INPUT } from './memory-layout'

/** Alternating tables keep runs of one value from waiting for their previous store. */
const SECOND_8: usize = 256 * 4
const SECOND_16: usize = 65_536 * 4

function count(table: usize, pattern: u32): void {
  const at = table + ((<usize>pattern) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

/** Counts each byte, in four consecutive tables of 256. */
export function countBytes(length: i32): void {
  const whole = length & ~7
  for (let i = 0; i < whole; i += 8) {
    const eight = load<u64>(INPUT + <usize>i)
    count(COUNTS, <u32>eight & 0xff)
    count(COUNTS + SECOND_8, <u32>(eight >> 8) & 0xff)
    count(COUNTS + 2 * SECOND_8, <u32>(eight >> 16) & 0xff)
    count(COUNTS + 3 * SECOND_8, <u32>(eight >> 24) & 0xff)
    count(COUNTS, <u32>(eight >> 32) & 0xff)
    count(COUNTS + SECOND_8, <u32>(eight >> 40) & 0xff)
    count(COUNTS + 2 * SECOND_8, <u32>(eight >> 48) & 0xff)
    count(COUNTS + 3 * SECOND_8, <u32>(eight >> 56))
  }
  for (let i = whole; i < length; i++) count(COUNTS, load<u8>(INPUT + <usize>i))
}

/** Counts each 16-bit pattern, in two consecutive tables of 65,536. */
export function countHalves(length: i32): void {
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    const four = load<u64>(INPUT + ((<usize>i) << 1))
    count(COUNTS, <u32>four & 0xffff)
    count(COUNTS + SECOND_16, <u32>(four >> 16) & 0xffff)
    count(COUNTS, <u32>(four >> 32) & 0xffff)
    count(COUNTS + SECOND_16, <u32>(four >> 48))
  }
  for (let i = whole; i < length; i++) count(COUNTS, load<u16>(INPUT + ((<usize>i) << 1)))
}
