import { expect, test } from 'vitest'
import { type ArithmeticCase, describeDifference } from '../array/ufunc/numpy-arithmetic.ts'
import { noOracle, runPython } from './python.ts'
import { seed } from './random.ts'

const ELEMENTS = Number(process.env['ORACLE_ELEMENTS'] ?? 60)

test(`in-place arithmetic of all dtypes agrees with NumPy (ORACLE_SEED=${seed})`, ctx => {
  if (noOracle !== null) ctx.skip(noOracle)
  const cases = runPython('generate_arithmetic.py', seed, ELEMENTS)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ArithmeticCase)
  expect(cases.length).toBeGreaterThan(3000)
  expect(
    cases
      .map(describeDifference)
      .filter(fault => fault !== null)
      .slice(0, 20),
  ).toEqual([])
})
