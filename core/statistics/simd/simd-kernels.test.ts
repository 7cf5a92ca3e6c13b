import { describe, expect, test } from 'vitest'
import { type DType, DTYPES } from '../../format/dtype.ts'
import { bytesOf, typedArrayOf } from '../../format/elements.ts'
import type { RefinementKernel, AccumulatorKernel } from '../accumulators/kernel.ts'
import { isSmallDtype, isFloat, sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import { scalarKernels } from '../scalar/scalar-kernels.ts'
import { rangeOf, type RefinementPass } from '../accumulators/refinement-pass.ts'
import { simdKernels } from './simd-kernels.ts'

/** WebAssembly kernels find exactly what the JavaScript kernels find, however the elements are divided into blocks. */

const simd = simdKernels()!
const REAL = DTYPES.filter((dtype): dtype is RealDType => !dtype.startsWith('complex'))
const COUNT = 3001
/** Evenly spaced edges (also in steps that no float represents) and uneven ones. */
const EVEN = Float64Array.from({ length: 21 }, (_, i) => -10 + i)
const THIRDS = Float64Array.from({ length: 61 }, (_, i) => -10 + i / 3)
const UNEVEN = Float64Array.of(0.001, 0.01, 0.5, 1, 7, 42, 43, 1e9 + 2, 1e10)
const WANTED = { bins: true, distinct: true, histogram: { edges: EVEN, scale: 'linear' } } as const

function randomBytes(seed: number, length: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

type Filler = (dtype: DType) => ArrayLike<number | bigint>

/** Elements of a dtype, computed by a function and converted to the dtype. */
const values =
  (of: (i: number) => number): Filler =>
  dtype => {
    const elements = new (typedArrayOf(dtype))(COUNT)
    const fits = (value: number): number =>
      isFloat(dtype as RealDType) ? value : Math.trunc(Number.isFinite(value) ? value : 3)
    for (let i = 0; i < COUNT; i++) elements[i] = dtype.endsWith('int64') ? BigInt(fits(of(i))) : fits(of(i))
    return elements
  }

const bits: Filler = dtype => new (typedArrayOf(dtype))(randomBytes(3, 8 * COUNT).buffer, 0, COUNT)

const noise = randomBytes(9, 4 * COUNT)
const uniform = (i: number): number => new DataView(noise.buffer).getUint32((4 * i) % (noise.length - 3)) / 2 ** 32

const FILLED: Record<string, Filler> = {
  'any bits at all': bits,
  zeros: values(() => 0),
  'zeros of both signs': values(i => (i % 3 === 0 ? -0 : 0)),
  'one value': values(() => 42),
  'small numbers of both signs': values(i => (i % 21) - 10),
  'uniform from 0 to 1': values(uniform),
  'negative ones': values(i => -1 - 100 * uniform(i)),
  'negative ones and a zero': values(i => (i === 1500 ? -0 : -1 - 100 * uniform(i))),
  'large, close together': values(i => 1e9 + 10 * uniform(i)),
  'of very different size': values(i => 2 ** (60 * uniform(i) - 30) * (i % 2 === 0 ? 1 : -1)),
  'all bits set, of one sign': values(() => (2 - 2 ** -23) * 2 ** 40),
  'all bits set, beside the least that are added with them': values(i =>
    i % 9 === 0 ? (1 + 2 ** -23) * 2 ** 21 : (2 - 2 ** -23) * 2 ** 40,
  ),
  'not all finite': values(i => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, i][i % 5]!),
  'between the edges, some NaN': values(i => (i % 7 === 0 ? Number.NaN : 20 * uniform(i) - 10)),
  'at the edges and beside them': values(i => Math.fround(-10 + (i % 61) / 3) + ((i % 5) - 2) * 2 ** -22),
  'mostly NaN, one number': values(i => (i === 1234 ? 7 : Number.NaN)),
  'the extremes last': values(i => (i === COUNT - 1 ? 1e4 : i === COUNT - 2 ? -1e4 : 1)),
}

/** Runs elements through a kernel in blocks of some size. */
function feed(kernel: AccumulatorKernel | RefinementKernel, elements: ArrayLike<number | bigint>, size: number): void {
  const bytes = bytesOf(elements as Float64Array)
  const item = bytes.length / COUNT
  for (let first = 0; first < COUNT; first += size) {
    const count = Math.min(size, COUNT - first)
    kernel.input.set(bytes.subarray(first * item, (first + count) * item))
    kernel.add(count, first)
  }
}

/** Writes counts as [bin, count] pairs without zeros. */
const compact = (found: object): unknown =>
  Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, Array.isArray(value) ? value.map(nonzero) : nonzero(value)]),
  )

function nonzero(value: unknown): unknown {
  if (!(value instanceof Float64Array || value instanceof Uint8Array)) return value
  const counts: [number, number][] = []
  for (let i = 0; i < value.length; i++) if (value[i]! > 0) counts.push([i, value[i]!])
  return counts
}

describe.each(REAL)('%s', dtype => {
  test.each(Object.entries(FILLED))('accumulator kernels agree on %s', (_, filler) => {
    const elements = filler(dtype)
    const scalar = scalarKernels.accumulator(dtype, WANTED)
    feed(scalar, elements, COUNT)
    const expected = compact(scalar.accumulator())
    for (const size of [COUNT, 512, 777]) {
      const kernel = simd.accumulator(dtype, WANTED)
      feed(kernel, elements, size)
      expect(compact(kernel.accumulator()), `blocks of ${size}`).toEqual(expected)
    }
  })

  test('accumulator kernels agree when blocks come in another order', () => {
    const elements = FILLED['small numbers of both signs']!(dtype)
    const bytes = bytesOf(elements as Float64Array)
    const item = bytes.length / COUNT
    const accumulators = [simd, scalarKernels].map(kernels => {
      const kernel = kernels.accumulator(dtype, { ...WANTED, distinct: false })
      for (const first of [2000, 1000, 0]) {
        kernel.input.set(bytes.subarray(first * item, (first + 1000) * item))
        kernel.add(1000, first)
      }
      return compact(kernel.accumulator())
    })
    expect(accumulators[0]).toEqual(accumulators[1])
    expect(accumulators[0]).toMatchObject({ count: 3000 })
  })
})

describe.each(REAL.filter(dtype => !isSmallDtype(dtype)))('%s', dtype => {
  test.each(Object.entries(FILLED))('refinement kernels agree on %s', (_, filler) => {
    const elements = filler(dtype)
    const keys = sortKeysOf(dtype)
    const big = dtype.endsWith('int64')
    const key = (value: number): bigint => keys.keyOf(big ? BigInt(value) : value)
    for (const histogram of [
      { edges: UNEVEN, scale: 'linear' },
      { edges: UNEVEN, scale: 'log' },
      { edges: EVEN, scale: 'linear' },
      { edges: THIRDS, scale: 'linear' },
    ] as const) {
      const refinement: RefinementPass = {
        ranges: [rangeOf(key(0), key(100)), rangeOf(key(7), key(7)), rangeOf(key(1), key(2e9))],
        histogram,
      }
      const [scalar, kernel] = [scalarKernels.refinement(dtype, refinement), simd.refinement(dtype, refinement)]
      feed(scalar, elements, COUNT)
      feed(kernel, elements, 700)
      expect(compact(kernel.counts())).toEqual(compact(scalar.counts()))
    }
  })
})
