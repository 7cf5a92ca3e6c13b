/** Where things lie in the memory of a kernel. Each kernel has an instance, and so a memory, of its own. */

/** The block: 1 MiB, and some zeros behind it. */
export const INPUT: usize = memory.data((1 << 20) + 64, 16)
/** Counts: of bins, of bit patterns (in two tables), or of a survey's ranges. */
export const COUNTS: usize = memory.data(64 * 16_400 * 4, 16)
/** HyperLogLog's registers. */
export const REGISTERS: usize = memory.data(1 << 14, 16)
/** Sums by the weight of their last bit: see sums.ts. */
export const SUMS: usize = memory.data(2200 * 16, 16)
export const SQUARES: usize = memory.data(4400 * 16, 16)
/** A leaf of a block without what is not finite. */
export const CLEAN: usize = memory.data(4096, 16)
/** A survey's ranges: first key, last key, shift; 24 bytes each. */
export const RANGES: usize = memory.data(64 * 24, 16)
/** A histogram's edges, and its counts in four tables. */
export const EDGES: usize = memory.data(65_537 * 8, 16)
export const HISTOGRAM: usize = memory.data(4 * 65_538 * 4, 16)

export function inputAt(): usize {
  return INPUT
}
export function countsAt(): usize {
  return COUNTS
}
export function registersAt(): usize {
  return REGISTERS
}
export function sumsAt(): usize {
  return SUMS
}
export function squaresAt(): usize {
  return SQUARES
}
export function rangesAt(): usize {
  return RANGES
}
export function edgesAt(): usize {
  return EDGES
}
export function histogramAt(): usize {
  return HISTOGRAM
}
