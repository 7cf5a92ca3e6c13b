import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { formatScalar } from '../format/text.ts'
import { NumPack } from '../storage/numpack.ts'

/** Statistics of stores that NumPack wrote, compared with NumPy and exact sums; integers are exact text. */

interface Expected {
  readonly dtype: string
  readonly statistics?: Readonly<Record<string, number | string>>
}

const fixtures = fileURLToPath(new URL('../fixtures/stores/', import.meta.url))
const sample = fileURLToPath(new URL('../../assets/sample.npk', import.meta.url))
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, Expected>>
}

function ulps(a: number, b: number): number {
  const [x, y] = [...new BigInt64Array(Float64Array.of(a, b).buffer)] as [bigint, bigint]
  return Math.abs(Number(x - y))
}

const described = (text: number | string | undefined, dtype: string): unknown =>
  text === undefined ? null : dtype.startsWith('float') ? Number(text) : BigInt(text)

function rounded(found: unknown, dtype: string): unknown {
  if (found === null) return null
  if (dtype === 'float16') return Number(Number(found).toPrecision(3))
  if (dtype === 'float32') return Number(formatScalar('float32', found as number))
  return dtype === 'float64' ? found : BigInt(found as number)
}

const arrays = Object.entries(expected.stores).flatMap(([store, described]) =>
  Object.entries(described).flatMap(([name, { dtype, statistics }]) =>
    statistics === undefined ? [] : [{ store, name, dtype, statistics }],
  ),
)

test.each(arrays)('statistics of $store $name match NumPy', async ({ store, name, dtype, statistics }) => {
  using npk = NumPack.open(store === 'library.npk' ? sample : join(fixtures, store), { readOnly: true })
  const figures = await npk.load(name, { lazy: true }).statistics()
  const { min, max, sum, mean, std, ...counts } = statistics
  expect(figures).toMatchObject(counts)
  expect([rounded(figures.min, dtype), rounded(figures.max, dtype)]).toEqual([
    described(min, dtype),
    described(max, dtype),
  ])
  expect(sum).toBeOneOf([String(figures.sum), undefined])
  expect(ulps(figures.mean, Number(mean ?? NaN))).toBeLessThanOrEqual(2)
  // Squares of the largest float64 overflow in NumPy, not here.
  const stdOff = std === 'overflow' ? 1e306 / figures.std : ulps(figures.std, Number(std ?? NaN))
  expect(stdOff).toBeLessThanOrEqual(2)
})
