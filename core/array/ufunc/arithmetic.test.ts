import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { binary } from './binary.ts'
import { type ArithmeticCase, describeDifference } from './numpy-arithmetic.ts'
import { arrayOperand, scalarOperand } from './operand.ts'
import { unary } from './unary.ts'

/** Written by NumPy 2.4.6: `generate_arithmetic.py 4 9 5`. */
const cases = readFileSync(new URL('fixtures/numpy-2.4.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as ArithmeticCase)

test(`${cases.length} in-place operations give the same results as NumPy`, () => {
  expect(cases.map(describeDifference).filter(fault => fault !== null)).toEqual([])
})

test('a row operand repeats from the start of any block, whether it is short or long', () => {
  for (const period of [3, 5000]) {
    const row = Float32Array.from({ length: period }, (_, i) => i)
    const add = binary('add', 'float32', arrayOperand('float32', row))
    const block = new Float32Array(3 * period)
    add(block, period * 7 + 2)
    expect([...block].every((value, i) => value === (i + 2) % period)).toBe(true)
  }
})

test("a same-shaped operand is read at the block's position", () => {
  const other = BigInt64Array.from({ length: 10_000 }, (_, i) => BigInt(i) - 5000n)
  const subtract = binary('subtract', 'int64', arrayOperand('int64', other))
  const block = new BigInt64Array(4000)
  subtract(block, 6000)
  expect([block[0], block[3999]]).toEqual([-1000n, -4999n])
})

const refusal = (work: () => unknown): NumPackError => {
  try {
    work()
  } catch (error) {
    if (error instanceof NumPackError) return error
  }
  throw new Error('nothing was refused')
}

test('a refused cast names both dtypes as NumPy does', () => {
  const error = refusal(() => binary('divide', 'int32', scalarOperand('divide', 'int32', 2)))
  expect(error.code).toBe('CASTING')
  expect(error.message).toContain(
    "Cannot cast ufunc 'divide' output from dtype('float64') to dtype('int32') with casting rule 'same_kind'",
  )
  expect(refusal(() => unary('sqrt', 'uint8')).message).toContain("from dtype('float16') to dtype('uint8')")
})

test('64-bit integers refuse a number that is not a safe integer and accept a bigint exactly', () => {
  expect(refusal(() => scalarOperand('add', 'int64', 2 ** 60)).code).toBe('ARGUMENT')
  const block = BigInt64Array.of(1n)
  binary('add', 'int64', scalarOperand('add', 'int64', 2n ** 60n))(block, 0)
  expect(block[0]).toBe(2n ** 60n + 1n)
})

test('a scalar operand of float32 is rounded to float32 first', () => {
  const block = Float32Array.of(0.1)
  binary('subtract', 'float32', scalarOperand('subtract', 'float32', 0.1))(block, 0)
  expect(block[0]).toBe(0)
})
