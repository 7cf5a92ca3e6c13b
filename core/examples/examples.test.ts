import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type NDArray, NumPack } from 'numpack'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { columnStatistics } from './aggregation.ts'
import { batching } from './batching.ts'
import { nearestRows } from './chunks.ts'
import { complete } from './complete.ts'
import { classMeans } from './in-step.ts'
import { warmestReadings } from './lazy-chain.ts'
import { chooseMode, sums } from './loading-mode.ts'
import { firstValues } from './one-open.ts'
import { pipeline } from './pipeline.ts'
import { describeEmbeddings } from './reading.ts'
import { normal } from './samples.ts'
import { precisions } from './smaller-dtypes.ts'
import { compressSignal } from './transformation.ts'
import { changeArrays } from './writing.ts'

const root = path.resolve(import.meta.dirname, '../..')
const library = JSON.parse(readFileSync(path.join(root, 'core/fixtures/stores/expected.json'), 'utf8')).stores[
  'library.npk'
] as Record<string, { shape: number[]; cells: [number[], string][]; statistics: { mean: number } }>

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'numpack-examples-'))
})
afterEach(() => {
  removeFolder(folder)
})

const rowsOf = (array: NDArray): number[][] => array.toList() as number[][]

function stored(store: string, name: string): number[][] {
  using npk = NumPack.open(path.join(folder, store), { readOnly: true })
  return rowsOf(npk.load(name))
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const columnsOf = (rows: readonly number[][]): number[][] => rows[0]!.map((_, column) => rows.map(row => row[column]!))

function expectClose(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, digits)
}

it('sample data are normally distributed and depend on the seed', () => {
  const values = rowsOf(normal(2000, 5)).flat()
  const mean = meanOf(values)
  expect(Math.abs(mean)).toBeLessThan(0.05)
  expect(Math.abs(meanOf(values.map(value => (value - mean) ** 2)) - 1)).toBeLessThan(0.05)
  expect(normal(2, 2, 1).equals(normal(2, 2, 1))).toBe(true)
  expect(normal(2, 2, 2).equals(normal(2, 2, 1))).toBe(false)
})

it('reading: shape, corner and mean of an array agree with NumPack and NumPy', () => {
  const expected = library['embeddings']!
  const { shape, corner, mean } = describeEmbeddings(path.join(root, 'assets/sample.npk'))
  expect(shape).toEqual(expected.shape)
  const firstRow = [0, 5, 10].map(column =>
    Math.fround(Number(expected.cells.find(([at]) => String(at) === `0,${column}`)![1])),
  )
  expect(corner.get(0, ':').toList()).toEqual(firstRow)
  expect(mean).toBeCloseTo(expected.statistics.mean, 12)
})

it('aggregation: merged batches give the mean and standard deviation of all rows', () => {
  const { rows, mean, std } = columnStatistics(folder)
  const columns = columnsOf(stored('measurements.npk', 'temperature'))
  expect(rows).toBe(columns[0]!.length)
  expectClose(mean.toList() as number[], columns.map(meanOf), 12)
  const deviations = columns.map(column => {
    const center = meanOf(column)
    return Math.sqrt(meanOf(column.map(value => (value - center) ** 2)))
  })
  expectClose(std.toList() as number[], deviations, 12)
})

it('transformation: the target contains the result for every active row of the source', () => {
  expect(compressSignal(folder)).toEqual({ compressed: [4500, 16] })
  const expected = stored('raw.npk', 'signal').flatMap(row =>
    row.map(value => Math.sign(value) * Math.log1p(Math.abs(value))),
  )
  expectClose(stored('clean.npk', 'compressed').flat(), expected, 5)
})

it('in step: batches of two arrays give the mean features of each class', () => {
  const means = rowsOf(classMeans(folder))
  const features = stored('training.npk', 'features')
  using npk = NumPack.open(path.join(folder, 'training.npk'), { readOnly: true })
  const labels = npk.load('labels').toList() as number[]
  expect(features).toHaveLength(2900)
  for (const [label, mean] of means.entries()) {
    const members = features.filter((_, row) => labels[row] === label)
    expectClose(mean, columnsOf(members).map(meanOf), 5)
  }
})

it('pipeline: the first matching rows are normalized, and nothing more is read', () => {
  const { read, shape } = pipeline(folder)
  const vectors = stored('vectors.npk', 'vectors')
  const passing = vectors.filter(([first]) => first! >= 0).slice(0, 500)
  expect(shape).toEqual([500, 32])
  const expected = passing.flatMap(row => row.map(value => value / Math.hypot(...row)))
  expectClose(stored('vectors.npk', 'queries').flat(), expected, 5)
  const lastRead = vectors.indexOf(passing.at(-1)!)
  expect(read).toBe(Math.ceil((lastRead + 1) / 250) * 250)
})

it('chunks: chunked reading finds the nearest rows of the whole array', () => {
  const nearest = nearestRows(folder, 7)
  const embeddings = stored('embeddings.npk', 'embeddings')
  const expected = embeddings
    .map((values, row) => ({ row, distance: Math.hypot(...values.map((value, i) => value - embeddings[42]![i]!)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 7)
  expect(nearest.map(({ row }) => row)).toEqual(expected.map(({ row }) => row))
  expectClose(
    nearest.map(({ distance }) => distance),
    expected.map(({ distance }) => distance),
    4,
  )
})

it('lazy chain: one column selects the rows of other columns', () => {
  const { rows, readings } = warmestReadings(folder)
  const warm = stored('stations.npk', 'readings').filter(row => row[3]! > 3)
  expect(rows).toBe(warm.length)
  expect(rows).toBeGreaterThan(0)
  expect(readings.toList()).toEqual(warm.map(row => row.slice(10, 15)))
})

it('loading modes agree, and are chosen by size and needed share', () => {
  const { whole, lazy, stream, chosen } = sums(folder)
  const expected = stored('modes.npk', 'x')
    .flat()
    .reduce((sum, value) => sum + value, 0)
  expectClose([whole, lazy, stream], [expected, expected, expected], 8)
  expect(chosen).toBe('whole')
  expect(chooseMode(1e9, 1e6, 1)).toBe('stream')
  expect(chooseMode(1e9, 1e6, 0.01)).toBe('lazy')
})

it('batching: collected rows and the steps of a batch are all saved', () => {
  expect(batching(folder)).toEqual({ events: [990, 3], times: [990], weights: [10, 4] })
  const events = stored('log.npk', 'events')
  expect(events[0]).toEqual([10, Math.sin(10), Math.cos(10)].map(Math.fround))
  expect(stored('log.npk', 'weights').map(row => row[0])).toEqual([20, 11, 12, 13, 14, 15, 16, 17, 18, 19])
})

it('smaller dtypes: sizes follow the itemsize, and errors stay within half a step', () => {
  const { float64, float32, float16, uint8 } = precisions(folder)
  expect([float64, float32, float16, uint8].map(({ bytes }) => bytes)).toEqual([240_000, 120_000, 60_000, 30_000])
  const values = stored('precision.npk', 'float64').flat()
  const largest = Math.max(...values.map(Math.abs))
  const range = Math.max(...values) - Math.min(...values)
  const binade = 2 ** Math.floor(Math.log2(largest))
  expect(float64.largestError).toBe(0)
  for (const [error, bound] of [
    [float32.largestError, binade / 2 ** 24],
    [float16.largestError, binade / 2 ** 11],
    [uint8.largestError, (range / 255 / 2) * (1 + 1e-9)],
  ] as const) {
    expect(error).toBeGreaterThan(0)
    expect(error).toBeLessThanOrEqual(bound)
  }
})

it('one open: every read returns its row', () => {
  const { reads, sum } = firstValues(folder, 300)
  const table = stored('lookup.npk', 'table')
  expect(reads).toBe(300)
  const expected = Array.from({ length: 300 }, (_, i) => table[(i * 7919) % table.length]![0]!)
  expect(sum).toBeCloseTo(
    expected.reduce((total, value) => total + value, 0),
    9,
  )
})

it('complete: every step has its result and its memory', () => {
  const rows = 25_000
  const { memory, shapes, preview, mean, std } = complete(folder, rows)
  expect(shapes).toEqual({ features: [35_000, 100], mirrored: [10_000, 100], squared: [10_000, 100] })
  const made = [normal(10_000, 100, 1), normal(10_000, 100, 10_001), normal(5000, 100, 20_001)].flatMap(rowsOf)
  expect(preview.toList()).toEqual([0, 5000, 10_000, 15_000, 20_000].map(row => [0, 50, 99].map(at => made[row]![at])))
  const means = columnsOf(made).map(meanOf)
  expectClose(mean.toList() as number[], means, 9)
  const deviations = columnsOf(made).map((column, i) =>
    Math.sqrt(meanOf(column.map(value => (value - means[i]!) ** 2))),
  )
  expectClose(std.toList() as number[], deviations, 9)

  const features = stored('complete.npk', 'features')
  for (const row of [0, 9999, 10_000, 24_999]) {
    const expected = made[row]!.map((value, i) => (value - means[i]!) / deviations[i]!)
    expectClose(features[row]!, expected, 5)
  }
  const mirrored = stored('complete.npk', 'mirrored')
  const squared = stored('complete.npk', 'squared')
  for (const row of [0, 9999]) {
    expect(mirrored[row]).toEqual(features[row]!.map(value => -value))
    expect(squared[row]).toEqual(features[row]!.map(value => Math.fround(value * value)))
    expect(features[rows + row]).toEqual(mirrored[row])
  }
  expect(Object.keys(memory)).toEqual([
    'start',
    'create',
    'explore lazily',
    'stream the mean',
    'normalise in place',
    'augment in a batch',
    'append',
  ])
  for (const megabytes of Object.values(memory)) expect(megabytes).toBeGreaterThan(10)
})

it('writing: every change is read back', () => {
  // Rows 0, 5 and 9 of 1,001 are dropped: logical row 5 is row 7, which holds 56 to 63, doubled in place.
  expect(changeArrays(path.join(folder, 'new/data.npk'))).toEqual({
    shape: [998, 8],
    row: [112, 114, 116, 118, 120, 122, 124, 126],
    labels: [2, 2, 3, 4],
  })
})
