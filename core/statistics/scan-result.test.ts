import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DType, DTYPES } from '../format/dtype.ts'
import { bytesOf } from '../format/elements.ts'
import { NDArray } from '../array/ndarray.ts'
import { type ScanResult, mergeScanResults } from './scan-result.ts'
import type { AccumulatorKernel } from './accumulators/kernel.ts'
import { isSmallDtype, sortKeysOf, type RealDType } from './accumulators/sort-keys.ts'
import { scalarKernels } from './scalar/scalar-kernels.ts'
import { emptyAccumulator } from './accumulators/accumulator.ts'

const EDGES = Float64Array.of(-100, -1, 0, 1, 1e6)
const WANTED = { bins: true, distinct: true, histogram: { edges: EDGES, scale: 'linear' } } as const
const REAL = DTYPES.filter((dtype): dtype is RealDType => !dtype.startsWith('complex'))

/** Few different numbers, valid in any dtype, so that parts share extremes. */
const numbers = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 0, max: 100 })), { maxLength: 12 })

function found(dtype: DType, values: readonly number[], first: number): ScanResult {
  const kernel: AccumulatorKernel = scalarKernels.accumulator(dtype as RealDType, WANTED)
  const elements = dtype.endsWith('int64') ? values.map(BigInt) : [...values]
  kernel.input.set(bytesOf(NDArray.from(elements, { dtype }).data))
  kernel.add(values.length, first)
  return { kind: 'accumulator', accumulators: [kernel.accumulator()] }
}

function ofParts(dtype: DType, parts: readonly (readonly number[])[]): ScanResult[] {
  let first = 0
  return parts.map(values => {
    const result = found(dtype, values, first)
    first += values.length
    return result
  })
}

/** Writes counts as [bin, count] pairs without zeros. */
const compact = (result: ScanResult): unknown =>
  result.kind === 'accumulator' &&
  result.accumulators.map(accumulator => ({
    ...accumulator,
    bins: nonzero(accumulator.bins),
    registers: nonzero(accumulator.registers),
  }))

const nonzero = (counts: Float64Array | Uint8Array | null): unknown =>
  counts === null ? null : Array.from(counts.entries()).filter(([, count]) => count > 0)

test.each(REAL)('%s: results of parts merge into the result of the whole, in any order and grouping', dtype => {
  const nothing: ScanResult = {
    kind: 'accumulator',
    accumulators: [
      emptyAccumulator(sortKeysOf(dtype).bins, !isSmallDtype(dtype), isSmallDtype(dtype) ? 0 : EDGES.length + 1),
    ],
  }
  fc.assert(
    fc.property(numbers, numbers, numbers, (...values) => {
      const whole = found(dtype, values.flat(), 0)
      const expected = compact(whole)
      const [a, b, c] = ofParts(dtype, values) as [ScanResult, ScanResult, ScanResult]
      expect(compact(mergeScanResults([a, b, c]))).toEqual(expected)
      expect(compact(mergeScanResults([c, a, b]))).toEqual(expected)
      expect(compact(mergeScanResults([a, mergeScanResults([b, c])]))).toEqual(expected)
      expect(compact(mergeScanResults([mergeScanResults([b, a]), c]))).toEqual(expected)
      expect(compact(mergeScanResults([nothing, whole]))).toEqual(expected)
      expect(compact(mergeScanResults([whole, nothing]))).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})
