/** Memory layout of a kernel. Each kernel is its own instance with its own memory. */

/** The block: 1 MiB, followed by zeros. */
export const INPUT: usize = memory.data((1 << 20) + 64, 16)
/** Counts of bins, of bit patterns (in two tables), or of the ranges of a refinement pass. */
export const COUNTS: usize = memory.data(64 * 16_400 * 4, 16)
export const REGISTERS: usize = memory.data(1 << 14, 16)
/** Sums by the weight of their last bit: see sum-tables.ts. */
export const SUMS: usize = memory.data(2200 * 16, 16)
export const SQUARES: usize = memory.data(4400 * 16, 16)
/** Copy of a leaf without elements that are not finite. */
export const CLEAN: usize = memory.data(4096, 16)
/** Ranges of a refinement pass: first key, last key, shift; 24 bytes each. */
export const RANGES: usize = memory.data(64 * 24, 16)
/** Histogram edges, and counts in four tables. */
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
