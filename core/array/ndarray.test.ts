import * as np from 'numpy-ts'
import { describe, expect, test } from 'vitest'
import type { DType, TypedArray } from '../format/dtype.ts'
import { DTYPES } from '../format/dtype.ts'
import { NDArray } from './ndarray.ts'
import { slice } from './selection.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })

describe('NDArray.from', () => {
  test.each<[string, Parameters<typeof NDArray.from>[0], DType, number[]]>([
    ['numbers', [1, 2.5], 'float64', [2]],
    ['numbers and bigints', [[1n], [2]], 'float64', [2, 1]],
    ['bigints', [1n, -2n], 'int64', [2]],
    ['booleans', [[true, false]], 'bool', [1, 2]],
    ['complex numbers', [{ re: 1, im: 2 }, 3], 'complex128', [2]],
    ['nothing', [], 'float64', [0]],
    ['empty rows', [[], []], 'float64', [2, 0]],
    ['a typed array', Uint16Array.of(1, 2, 3), 'uint16', [3]],
    ['float16', Float16Array.of(1), 'float16', [1]],
  ])('infers the dtype of %s', (_, source, dtype, shape) => {
    const array = NDArray.from(source)
    expect([array.dtype, array.shape]).toEqual([dtype, shape])
  })

  test('shares the memory of a typed array', () => {
    const data = Float32Array.of(1, 2, 3, 4)
    const array = NDArray.from(data, { shape: [2, 2] })
    data[3] = 9
    expect(array.get(1, 1)).toBe(9)
    expect(array.data).toBe(data)
  })

  test('accepts interleaved numbers as complex, and bytes as bools', () => {
    expect(NDArray.from(Float32Array.of(1, 2, 3, 4), { dtype: 'complex64' }).toList()).toEqual([
      { re: 1, im: 2 },
      { re: 3, im: 4 },
    ])
    const bools = NDArray.from(Uint8Array.of(0, 1, 7), { dtype: 'bool' })
    expect([...bools.data]).toEqual([0, 1, 1])
  })

  test('converts to the requested dtype as NumPy does', () => {
    expect(NDArray.from(Float64Array.of(1.9, -1.9), { dtype: 'int8' }).toList()).toEqual([1, -1])
    expect(NDArray.from(Int16Array.of(257, -1), { dtype: 'uint8' }).toList()).toEqual([1, 255])
    expect(NDArray.from(BigInt64Array.of(-1n), { dtype: 'uint64' }).toList()).toEqual([2n ** 64n - 1n])
    expect(NDArray.from([1.9], { dtype: 'int32' }).toList()).toEqual([1])
  })

  test.each<[string, () => unknown, string]>([
    ['rows of different length', () => NDArray.from([[1], [1, 2]]), 'SHAPE'],
    ['numbers beside rows', () => NDArray.from([[1], 2]), 'SHAPE'],
    ['a shape of other size', () => NDArray.from([1, 2, 3], { shape: [2] }), 'SHAPE'],
    ['a negative shape', () => NDArray.zeros([-1]), 'SHAPE'],
    ['an unknown dtype', () => NDArray.zeros([1], 'float8' as DType), 'DTYPE'],
    ['a text', () => NDArray.from(['1' as unknown as number]), 'ARGUMENT'],
    ['nothing at all', () => NDArray.from(null as unknown as TypedArray), 'ARGUMENT'],
    ['an integer out of range', () => NDArray.from([256], { dtype: 'uint8' }), 'CASTING'],
    ['NaN as an integer', () => NDArray.from([Number.NaN], { dtype: 'int32' }), 'CASTING'],
    ['an unsafe integer as int64', () => NDArray.from([2 ** 53], { dtype: 'int64' }), 'CASTING'],
    ['a bigint out of range', () => NDArray.from([2n ** 63n], { dtype: 'int64' }), 'CASTING'],
    ['complex as real', () => NDArray.from([{ re: 1, im: 0 }], { dtype: 'float64' }), 'CASTING'],
    ['an odd number of complex parts', () => NDArray.from(Float32Array.of(1), { dtype: 'complex64' }), 'SHAPE'],
  ])('refuses %s', (_, action, expected) => {
    expect(action).toThrow(code(expected))
  })
})

test.each(DTYPES)('%s: zeros, sizes and reading and writing a scalar', dtype => {
  const array = NDArray.zeros([2, 3], dtype)
  expect([array.ndim, array.size, array.length, array.nbytes]).toEqual([2, 6, 2, array.data.byteLength])
  const value = dtype === 'bool' ? true : /int64/.test(dtype) ? 1n : /complex/.test(dtype) ? { re: 1, im: -1 } : 1
  array.set([1, 2], value)
  expect(array.get(1, 2)).toEqual(value)
  expect(array.get(-1, '2:')).toEqual(NDArray.from([value], { dtype }))
})

const bitsOf = (part: unknown): number[] => [...new Uint32Array((part as NDArray).data.slice().buffer)]

test('every selection preserves signalling NaNs and bool bytes', () => {
  const bits = Uint32Array.of(0x7fa00001, 0xffa12345, 0x7f800001, 0x3f800000)
  const array = NDArray.from(new Float32Array(bits.buffer), { shape: [2, 2] })
  expect(bitsOf(array.get('::-1', [1, 0]))).toEqual([bits[3], bits[2], bits[1], bits[0]])
  const target = NDArray.zeros([2, 2], 'float32')
  target.set([null, '::-1'], array)
  expect(bitsOf(target)).toEqual([bits[1], bits[0], bits[3], bits[2]])
})

const zeros = (): NDArray => NDArray.zeros([3, 2], 'int32')

describe('NDArray.set', () => {
  test('accepts a list with one entry per axis, or a single entry', () => {
    const one = zeros()
    one.set([0, 1], 5)
    expect(one.toList()).toEqual([
      [0, 5],
      [0, 0],
      [0, 0],
    ])
    const rows = zeros()
    rows.set([[0, 2]], 5)
    expect(rows.toList()).toEqual([
      [5, 5],
      [0, 0],
      [5, 5],
    ])
    const range = zeros()
    range.set(slice(1), 5)
    expect(range.toList()).toEqual([
      [0, 0],
      [5, 5],
      [5, 5],
    ])
  })

  test('broadcasts the value', () => {
    const array = zeros()
    array.set(null, [1, 2])
    expect(array.toList()).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    array.set([null, 0], [7, 8, 9])
    expect(array.toList()).toEqual([
      [7, 2],
      [8, 2],
      [9, 2],
    ])
    array.set(
      [
        [
          [true, false],
          [false, false],
          [false, true],
        ],
      ],
      -1,
    )
    expect(array.toList()).toEqual([
      [-1, 2],
      [8, 2],
      [9, -1],
    ])
    expect(() => array.set(null, [1, 2, 3])).toThrow(code('SHAPE'))
  })

  test('assigns an array to a part of itself', () => {
    const array = NDArray.from([1, 2, 3, 4])
    array.set('1:', NDArray.from(array.data.subarray(0, 3)))
    expect(array.toList()).toEqual([1, 1, 2, 3])
  })

  test('keeps the last value for repeated indices', () => {
    const array = zeros()
    array.set([[1, 1], 0], [3, 4])
    expect(array.get(1, 0)).toBe(4)
  })
})

test('iteration gives rows as views, and a 0-D array has none', () => {
  const array = NDArray.from([
    [1, 2],
    [3, 4],
  ])
  for (const row of array) (row as NDArray).set(0, 9)
  expect(array.toList()).toEqual([
    [9, 2],
    [9, 4],
  ])
  expect([...NDArray.from([1n, 2n])]).toEqual([1n, 2n])
  const scalar = NDArray.zeros([], 'int64')
  expect([scalar.get(), scalar.toList(), scalar.size]).toEqual([0n, 0n, 1])
  expect(scalar.get('...').shape).toEqual([])
  expect(() => [...scalar]).toThrow(code('SHAPE'))
  expect(() => scalar.length).toThrow(code('SHAPE'))
})

test('equals compares values exactly', () => {
  const array = NDArray.from([1, 2, 3])
  expect(array.equals([1, 2, 3])).toBe(true)
  expect(array.equals(Int8Array.of(1, 2, 3))).toBe(true)
  expect(array.equals([[1, 2, 3]])).toBe(false)
  expect(array.equals([1, 2, 4])).toBe(false)
  expect(NDArray.from([0]).equals([-0])).toBe(true)
  expect(NDArray.from([2n ** 53n + 1n]).equals([2 ** 53])).toBe(false)
  expect(NDArray.from([{ re: 1, im: 0 }]).equals([1])).toBe(true)
  expect(NDArray.from([Number.NaN]).equals([Number.NaN])).toBe(false)
  expect(NDArray.from([Number.NaN]).equals([Number.NaN], { equalNan: true })).toBe(true)
})

describe('arrays of numpy-ts', () => {
  const WHOLE = [
    [1, 2, 7],
    [3, 4, 8],
    [5, 6, 9],
  ]

  test('are shared when they are whole and contiguous', () => {
    const whole = np.array(WHOLE, 'float64')
    expect(NDArray.from(whole).data).toBe(whole.data)
  })

  test.each(DTYPES)('of %s are copied whole when they are views', dtype => {
    const whole = np.array(WHOLE, dtype)
    const views = [
      whole.slice('1:3'),
      whole.slice('::2'),
      whole.slice('::-1'),
      whole.slice('1'),
      whole.slice(':', '1'),
      whole.slice(':', '::-2'),
      whole.slice('1:1'),
      whole.T,
      whole.slice('1:3').T,
    ]
    for (const view of views) {
      const array = NDArray.from(view)
      const expected = np.array(view.tolist(), dtype)
      expect([array.dtype, array.shape]).toEqual([dtype, view.shape])
      expect(array.data).toEqual(expected.data)
    }
  })

  test('are created by toNumpy', () => {
    const array = NDArray.from([{ re: 1, im: 2 }], { dtype: 'complex64' }).toNumpy(np)
    expect([array.dtype, array.shape, [...(array.data as Float32Array)]]).toEqual(['complex64', [1], [1, 2]])
  })
})
