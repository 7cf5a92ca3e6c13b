import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { describeEmbeddings } from './reading.ts'

const root = path.resolve(import.meta.dirname, '../..')
const library = JSON.parse(readFileSync(path.join(root, 'core/fixtures/stores/expected.json'), 'utf8')).stores[
  'library.npk'
] as Record<string, { shape: number[]; cells: [number[], string][]; statistics: { mean: number } }>

it('reading: shape, corner and mean of an array are those that NumPack and NumPy say', () => {
  const expected = library['embeddings']!
  const { shape, corner, mean } = describeEmbeddings(path.join(root, 'assets/sample.npk'))
  expect(shape).toEqual(expected.shape)
  const firstRow = [0, 5, 10].map(column =>
    Math.fround(Number(expected.cells.find(([at]) => String(at) === `0,${column}`)![1])),
  )
  expect(corner.get(0, ':').toList()).toEqual(firstRow)
  expect(mean).toBeCloseTo(expected.statistics.mean, 12)
})
