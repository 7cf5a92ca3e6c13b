import { truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { METADATA_FILE } from '../format/names.ts'
import { MemoryReader } from '../storage/read/memory-reader.ts'
import { openStore } from '../storage/read/store.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { canCountDistinct, countDistinctElements } from './distinct-elements.ts'
import { regionOf } from './region.ts'

test('distinct elements of a column are counted only if its rows, with all columns, have up to 16 MiB', () => {
  using store = new ScratchStore()
  const [rows, columns] = [1025, 4096]
  const sizeBytes = 4 * rows * columns
  writeFileSync(store.file('data_x.npkd'), '')
  truncateSync(store.file('data_x.npkd'), sizeBytes)
  const record = { name: 'x', dtype: 'float32', shape: [rows, columns], dataFile: 'data_x.npkd' } as const
  writeFileSync(store.file(METADATA_FILE), encodeMetadata([{ ...record, lastModified: 1, sizeBytes }]))
  const reader = openStore(store.path, { readOnly: true }).reader('x')
  const canCount = (stop: number): boolean =>
    canCountDistinct(reader, regionOf(reader, { rows: [0, stop], columns: [7, 8] }))
  expect([1024, 1025].map(canCount)).toEqual([true, false])
})

test.each(['float16', 'float32', 'float64'] as const)(
  '%s: all NaN are one distinct element, as are both zeros',
  dtype => {
    const reader = new MemoryReader('x', NDArray.from([NaN, 0, 1, NaN, -0, 1, -Infinity, NaN], { dtype }))
    // np.unique(x).size
    expect(countDistinctElements(reader, regionOf(reader, {}))).toBe(4)
  },
)
