import { expect, test } from 'vitest'
import { type DType, DTYPES } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { MemoryReader } from '../storage/read/memory-reader.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import type { ColumnStatistics } from './column-summary.ts'
import { columnStatisticsOf } from './column-statistics.ts'
import { mergeColumns } from './accumulators/column-accumulator.ts'
import { fitsFloat32, type RealDType } from './accumulators/sort-keys.ts'
import { scalarKernels } from './scalar/scalar-kernels.ts'
import { simdKernels } from './simd/simd-kernels.ts'
import { statisticsOf } from './statistics.ts'

const REAL = DTYPES.filter((dtype): dtype is RealDType => !dtype.startsWith('complex'))
const ROWS = 400
const COLUMNS = 7

/** Columns of different kinds: constant, far from zero, both signs, not finite. */
function elements(dtype: DType): NDArray {
  const data = new (typedArrayOf(dtype))(ROWS * COLUMNS)
  let state = 7
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const noise = state >>> 25
    const kinds = [5, noise, noise - 64, 1000 + noise, i % 3, -0, dtype.startsWith('float') ? notFinite(state) : noise]
    const value = kinds[i % COLUMNS]!
    data[i] = dtype.endsWith('int64') ? BigInt(value) * 2n ** 40n : value
  }
  return new NDArray(dtype, [ROWS, COLUMNS], data)
}

const notFinite = (state: number): number =>
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5, -2][(state >>> 8) % 5]!

const figure = (
  figures: ColumnStatistics,
  name: 'min' | 'max' | 'sum' | 'mean' | 'std' | 'count' | 'minAt',
  i: number,
): unknown => figures[name].data[i]

const relative = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b) / Math.abs(a) / Number.EPSILON)

test.each(REAL)('%s: column statistics equal the statistics of each column alone', async dtype => {
  const array = elements(dtype)
  const reader = new MemoryReader('x', array)
  const figures = await columnStatisticsOf(reader, { axis: 0 })
  expect(figures.mean.shape).toEqual([COLUMNS])
  for (let i = 0; i < COLUMNS; i++) {
    const alone = await statisticsOf(reader, { columns: [i, i + 1] })
    const counts = ['count', 'nan', 'positiveInfinity', 'negativeInfinity', 'finite', 'zeros'] as const
    expect(counts.map(name => figures[name].data[i])).toEqual(counts.map(name => alone[name]))
    const extremes = [alone.min, alone.max].map(value => (typeof value === 'boolean' ? Number(value) : value))
    expect([figures.min.data[i], figures.max.data[i]]).toEqual(extremes)
    expect([figure(figures, 'minAt', i), figures.maxAt.data[i]]).toEqual([alone.minAt![0], alone.maxAt![0]])
    expect(relative(Number(alone.sum), Number(figure(figures, 'sum', i)))).toBeLessThanOrEqual(1)
    expect(relative(alone.mean, figure(figures, 'mean', i) as number)).toBeLessThanOrEqual(2)
    expect(relative(alone.std, figure(figures, 'std', i) as number)).toBeLessThanOrEqual(4)
  }
})

test.each(REAL)('%s: WebAssembly, JavaScript and merged parts give identical column accumulators', dtype => {
  const array = elements(dtype)
  const shifts = new Float64Array(COLUMNS).fill(fitsFloat32(dtype) ? 0 : dtype === 'float64' ? 3.25 : 3)
  const bytes = new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength)
  const rowBytes = bytes.length / ROWS
  const found = [simdKernels()!, scalarKernels].map(kernels => {
    const parts = [0, 150].map(start => {
      const kernel = kernels.columns(dtype, shifts)
      const rows = start === 0 ? 150 : ROWS - 150
      kernel.input.set(bytes.subarray(start * rowBytes, (start + rows) * rowBytes))
      kernel.add(rows, COLUMNS, 0, start * COLUMNS, COLUMNS)
      return kernel.columns()
    })
    const [first, second] = parts as [(typeof parts)[0], (typeof parts)[0]]
    expect(mergeColumns(first, second)).toEqual(mergeColumns(second, first))
    return mergeColumns(first, second)
  })
  expect(found[0]).toEqual(found[1])
})

/** Element generators for columns of many kinds; `noise` is between 0 and 1. */
const KINDS: readonly ((row: number, noise: number) => number)[] = [
  (_, noise) => noise - 0.5,
  (_, noise) => 16_000_000 + Math.round(9 * noise),
  (row, noise) => (row % 2 === 0 ? 1 : -1) * 2 ** (60 * noise - 30),
  (row, noise) => (row % 3 === 0 ? 0 : noise),
  row => row,
  row => -row,
  (row, noise) => (row === 200 ? Number.NaN : noise),
  (row, noise) => (row === 0 ? 1e30 : noise * 1e-30),
  () => -0,
]

test.each([1, 2, 3, 6, 9, 130, 259, 1031])(
  'float32, %i columns: sums are the float64 nearest to the exact sums',
  async columns => {
    const rows = 300
    const data = new Float32Array(rows * columns)
    let state = 11
    for (let i = 0; i < data.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      data[i] = KINDS[(i % columns) % KINDS.length]!(Math.floor(i / columns), state / 2 ** 32)
    }
    const reader = new MemoryReader('x', new NDArray('float32', [rows, columns], data))
    const figures = await columnStatisticsOf(reader, { axis: 0 })
    for (let i = 0; i < columns; i += columns > 100 ? 17 : 1) {
      const alone = await statisticsOf(reader, { columns: [i, i + 1] })
      const exact = ['nan', 'finite', 'zeros', 'min', 'max', 'sum'] as const
      expect(exact.map(name => figures[name].data[i])).toEqual(exact.map(name => alone[name]))
      expect([figures.minAt.data[i], figures.maxAt.data[i]]).toEqual([alone.minAt![0], alone.maxAt![0]])
      expect(relative(alone.mean, figures.mean.data[i] as number)).toBeLessThanOrEqual(1)
      expect(relative(alone.std, figures.std.data[i] as number)).toBeLessThanOrEqual(1)
    }
  },
)

test('column statistics are right for rows wider than a block, several workers and deleted rows', async () => {
  const columns = 300_000
  const data = Float64Array.from({ length: 4 * columns }, (_, i) => (i % columns) * 10 + Math.floor(i / columns))
  using store = new ScratchStore({ name: 'x', dtype: 'float64', shape: [4, columns], data, deleted: [2] })
  using npk = NumPack.open(store.path, { readOnly: true })
  const figures = await npk.load('x', { lazy: true }).statistics({ axis: 0, workers: 2 })
  for (const column of [0, 1, 131_071, 131_072, 299_999]) {
    expect(['min', 'max', 'sum', 'count', 'minAt'].map(name => figure(figures, name as 'min', column))).toEqual([
      10 * column,
      10 * column + 3,
      30 * column + 4,
      3,
      0,
    ])
    expect(figures.maxAt.data[column]).toBe(2)
  }
})

test('statistics per channel of an image array are those of each channel', async () => {
  const data = Uint8Array.from({ length: 5 * 8 * 6 * 3 }, (_, i) => (i % 3) * 50 + (i % 7))
  const reader = new MemoryReader('x', new NDArray('uint8', [5, 8, 6, 3], data))
  const figures = await columnStatisticsOf(reader, { axis: [0, 1, 2] })
  const channel = (i: number): number[] => [...data].filter((_, at) => at % 3 === i)
  expect(figures.sum.shape).toEqual([3])
  for (let i = 0; i < 3; i++) {
    expect(Number(figures.sum.data[i])).toBe(channel(i).reduce((a, b) => a + b))
    expect(figures.count.data[i]).toBe(5 * 8 * 6)
    expect([figures.min.data[i], figures.max.data[i]]).toEqual([Math.min(...channel(i)), Math.max(...channel(i))])
  }
  await expect(columnStatisticsOf(reader, { axis: [1] })).rejects.toMatchObject({ code: 'ARGUMENT' })
})

test('complex columns have statistics of magnitude and phase', async () => {
  const array = NDArray.from([
    [
      { re: 3, im: 4 },
      { re: 0, im: 1 },
    ],
    [
      { re: 6, im: 8 },
      { re: 0, im: -1 },
    ],
  ])
  const { magnitude, phase } = await columnStatisticsOf(new MemoryReader('x', array), { axis: 0 })
  expect([...(magnitude!.sum.data as Float64Array)]).toEqual([15, 2])
  expect([...(phase!.max.data as Float64Array)]).toEqual([Math.atan2(4, 3), Math.PI / 2])
})
