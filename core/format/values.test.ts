import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DTYPES, type DType } from './dtype.ts'
import { bytesOf, typedArrayOf } from './elements.ts'
import { extentOf, formatValue, isInteger, numberText, shareBetween, type Value, valuesOf } from './values.ts'

const LIMITS: Partial<Record<DType, [bigint, bigint]>> = {
  bool: [0n, 1n],
  uint8: [0n, 255n],
  uint16: [0n, 65_535n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int8: [-128n, 127n],
  int16: [-32_768n, 32_767n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
}

/** Some elements of a dtype over its whole range; of complex ones, the parts. */
function elementsOf(dtype: DType): fc.Arbitrary<Value[]> {
  const limits = LIMITS[dtype]
  const isWide = dtype.endsWith('int64')
  const one: fc.Arbitrary<Value> = limits
    ? fc.bigInt({ min: limits[0], max: limits[1] }).map(value => (isWide ? value : Number(value)))
    : fc.oneof(fc.double(), fc.constantFrom(5e-324, 1.7e308, -1.7e308, 1e-27, 0, -0))
  return fc.array(one, { minLength: 2, maxLength: 40 }).filter(({ length }) => length % 2 === 0)
}

const storedIn = (dtype: DType, elements: readonly Value[]) => {
  const data = new (typedArrayOf(dtype))(elements.length)
  for (const [i, element] of elements.entries()) data[i] = element
  return data
}

describe.each(DTYPES)('%s', dtype => {
  const part = 'real'
  const isComplex = dtype.startsWith('complex')

  test('the text of a value reads back as the same element', () => {
    fc.assert(
      fc.property(elementsOf(dtype), elements => {
        const data = storedIn(dtype, elements)
        const values = valuesOf(dtype, bytesOf(data) as Uint8Array<ArrayBuffer>, part)
        for (const [i, value] of values.entries()) {
          const element = data[isComplex ? 2 * i : i]!
          const text = formatValue(dtype, part, value)
          const parsed = typeof element === 'bigint' ? BigInt(text) : Number(text.replace('inf', 'Infinity'))
          expect(storedIn(dtype, [parsed])[0]).toBe(element)
        }
      }),
    )
  })

  test('the share between two values never decreases, from 0 at the lower to 1 at the higher', () => {
    fc.assert(
      fc.property(elementsOf(dtype), elements => {
        const values = valuesOf(dtype, bytesOf(storedIn(dtype, elements)) as Uint8Array<ArrayBuffer>, part)
        const extent = extentOf(values)
        if (extent === null) return
        const [low, high] = extent
        const shareOf = shareBetween(low, high)
        const sorted = Array.from<Value>(values as Iterable<Value>).filter(value => value >= low && value <= high)
        sorted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        const shares = sorted.map(shareOf)
        for (const [i, share] of shares.entries()) {
          expect(share).toBeGreaterThanOrEqual(shares[i - 1] ?? 0)
          expect(share).toBeLessThanOrEqual(1)
        }
        expect([shares[0], shares.at(-1)]).toEqual(low < high ? [0, 1] : [0.5, 0.5])
      }),
    )
  })
})

test('neighbouring 64-bit integers have different shares, infinities of floats lie at the ends or beyond, and NaN has none', () => {
  const shareOf = shareBetween(2n ** 60n, 2n ** 60n + 63n)
  expect(new Set(Array.from({ length: 64 }, (_, i) => shareOf(2n ** 60n + BigInt(i)))).size).toBe(64)
  const ofFloats = shareBetween(-1.7e308, 1.7e308)
  expect([-Infinity, 0, Infinity].map(ofFloats)).toEqual([-Infinity, 0.5, Infinity])
  expect(ofFloats(NaN)).toBeNaN()
})

test('between two equal values, they have the share 0.5, smaller values 0 and larger ones 1', () => {
  expect([-Infinity, 6, 7, 8, Infinity].map(shareBetween(7, 7))).toEqual([0, 0, 0.5, 1, 1])
  expect([6n, 7n, 8n].map(shareBetween(7n, 7n))).toEqual([0, 0.5, 1])
  expect(shareBetween(7, 7)(NaN)).toBeNaN()
})

test('the text of any number reads back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
      expect(Number(numberText(value))).toBe(value)
    }),
  )
  expect([5, -0, 2n ** 64n - 1n].map(numberText)).toEqual(['5', '-0.0', '18446744073709551615'])
})

test('bool and the integer dtypes count as integers', () => {
  expect(DTYPES.filter(isInteger).sort()).toEqual(Object.keys(LIMITS).sort())
})
