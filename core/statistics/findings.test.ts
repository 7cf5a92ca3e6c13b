import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DType, DTYPES } from '../format/dtype.ts'
import { bytesOf } from '../format/elements.ts'
import { NDArray } from '../array/ndarray.ts'
import { type Findings, mergeFindings } from './findings.ts'
import type { TallyKernel } from './accumulators/kernel.ts'
import { isCounted, keysOf, type RealDType } from './accumulators/keys.ts'
import { scalarKernels } from './scalar/kernels.ts'
import { emptyTally } from './accumulators/tally.ts'

/** Findings of parts merge into those of the whole, in any order and grouping. */

const EDGES = Float64Array.of(-100, -1, 0, 1, 1e6)
const WANTED = { bins: true, distinct: true, histogram: { edges: EDGES, scale: 'linear' } } as const
const REAL = DTYPES.filter((dtype): dtype is RealDType => !dtype.startsWith('complex'))

/** A number of any dtype: few different ones, so that parts have extremes in common. */
const numbers = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 0, max: 100 })), { maxLength: 12 })

function found(dtype: DType, values: readonly number[], first: number): Findings {
  const kernel: TallyKernel = scalarKernels.tally(dtype as RealDType, WANTED)
  const elements = dtype.endsWith('int64') ? values.map(BigInt) : [...values]
  kernel.input.set(bytesOf(NDArray.from(elements, { dtype }).data))
  kernel.add(values.length, first)
  return { kind: 'tally', tallies: [kernel.tally()] }
}

/** Findings of parts that follow each other. */
function ofParts(dtype: DType, parts: readonly (readonly number[])[]): Findings[] {
  let first = 0
  return parts.map(values => {
    const findings = found(dtype, values, first)
    first += values.length
    return findings
  })
}

/** Findings with their counts as [bin, count] where there are any. */
const compact = (findings: Findings): unknown =>
  findings.kind === 'tally' &&
  findings.tallies.map(tally => ({ ...tally, bins: met(tally.bins), registers: met(tally.registers) }))

const met = (counts: Float64Array | Uint8Array | null): unknown =>
  counts === null ? null : Array.from(counts.entries()).filter(([, count]) => count > 0)

test.each(REAL)('%s: parts merge into the whole, in any order and grouping', dtype => {
  const nothing: Findings = {
    kind: 'tally',
    tallies: [emptyTally(keysOf(dtype).bins, !isCounted(dtype), isCounted(dtype) ? 0 : EDGES.length + 1)],
  }
  fc.assert(
    fc.property(numbers, numbers, numbers, (...values) => {
      const whole = found(dtype, values.flat(), 0)
      const expected = compact(whole)
      const [a, b, c] = ofParts(dtype, values) as [Findings, Findings, Findings]
      expect(compact(mergeFindings([a, b, c]))).toEqual(expected)
      expect(compact(mergeFindings([c, a, b]))).toEqual(expected)
      expect(compact(mergeFindings([a, mergeFindings([b, c])]))).toEqual(expected)
      expect(compact(mergeFindings([mergeFindings([b, a]), c]))).toEqual(expected)
      expect(compact(mergeFindings([nothing, whole]))).toEqual(expected)
      expect(compact(mergeFindings([whole, nothing]))).toEqual(expected)
    }),
    { numRuns: 25 },
  )
})
