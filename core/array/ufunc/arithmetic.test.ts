import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { binary } from './binary.ts'
import { type ArithmeticCase, describeDifference } from './numpy-arithmetic.ts'
import { arrayOperand, scalarOperand } from './operand.ts'
import { unary } from './unary.ts'

/** Output of `core/oracle/generate_arithmetic.py 4 9 5` (seed 4, 9 elements, every fifth case) with NumPy 2.4.6. */
const cases = readFileSync(new URL('fixtures/numpy-2.4.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as ArithmeticCase)

test(`${cases.length} in-place operations agree with NumPy, up to the rounding of math libraries`, () => {
  expect(cases.map(describeDifference).filter(fault => fault !== null)).toEqual([])
})

test('a block that begins inside a row uses the operand from that column on, for short and long rows', () => {
  for (const period of [3, 5000]) {
    const row = Float32Array.from({ length: period }, (_, i) => i)
    const add = binary('add', 'float32', arrayOperand('float32', row))
    const block = new Float32Array(3 * period)
    add(block, period * 7 + 2)
    expect(block).toEqual(Float32Array.from(block, (_, i) => (i + 2) % period))
  }
})

test("a same-shaped operand is read at the block's position", () => {
  const other = BigInt64Array.from({ length: 10_000 }, (_, i) => BigInt(i) - 5000n)
  const subtract = binary('subtract', 'int64', arrayOperand('int64', other))
  const block = new BigInt64Array(4000)
  subtract(block, 6000)
  expect(block).toEqual(BigInt64Array.from(block, (_, i) => -1000n - BigInt(i)))
})

const catchRefusal = (work: () => unknown): NumPackError => {
  try {
    work()
  } catch (error) {
    if (error instanceof NumPackError) return error
    throw error
  }
  throw new Error('no error was thrown')
}

test('a refused cast names both dtypes as NumPy does', () => {
  const error = catchRefusal(() => binary('divide', 'int32', scalarOperand('divide', 'int32', 2)))
  expect(error.code).toBe('CASTING')
  expect(error.message).toContain(
    "Cannot cast ufunc 'divide' output from dtype('float64') to dtype('int32') with casting rule 'same_kind'",
  )
  expect(catchRefusal(() => unary('sqrt', 'uint8')).message).toContain("from dtype('float16') to dtype('uint8')")
})

test('64-bit integers refuse a number that is not a safe integer and accept a bigint exactly', () => {
  expect(catchRefusal(() => scalarOperand('add', 'int64', 2 ** 60)).code).toBe('ARGUMENT')
  const block = BigInt64Array.of(1n)
  binary('add', 'int64', scalarOperand('add', 'int64', 2n ** 60n))(block, 0)
  expect(block[0]).toBe(2n ** 60n + 1n)
})

test('a scalar operand of float32 is rounded to float32 first', () => {
  const block = Float32Array.of(0.1)
  binary('subtract', 'float32', scalarOperand('subtract', 'float32', 0.1))(block, 0)
  expect(block[0]).toBe(0)
})
