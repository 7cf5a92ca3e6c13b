import { expect, test } from 'vitest'
import type { PackedFile } from '../../../core/explorer/contract/types.ts'
import { arrayInfo } from '../../model/test-support/fake-host.ts'
import { spaceShares } from './space.ts'

const file = (name: string, storedSize: number): PackedFile => ({
  name,
  storedSize,
  originalSize: 10 * storedSize,
  codec: 'zstd',
  windowsProblem: null,
  fault: null,
})

const arrays = [arrayInfo({ name: 'small' }), arrayInfo({ name: 'large' })]
const files = [
  file('data_small.npkd', 15),
  file('data_large.npkd', 70),
  file('deleted_large.npkb', 5),
  file('metadata.npkm', 10),
]

test('the space of an array is its data and its bitmap, largest first', () => {
  expect(spaceShares(files, arrays, 8)).toEqual([
    { label: 'large', bytes: 75, share: 0.75 },
    { label: 'small', bytes: 15, share: 0.15 },
    { label: 'Metadata', bytes: 10, share: 0.1 },
  ])
})

test('the smallest arrays share one entry when there are many', () => {
  expect(spaceShares(files, arrays, 2)).toEqual([
    { label: 'large', bytes: 75, share: 0.75 },
    { label: '2 more', bytes: 25, share: 0.25 },
  ])
})

test('without arrays each file takes its own space, and without bytes no share is drawn', () => {
  expect(spaceShares(files, [], 8).map(({ label }) => label)).toEqual([
    'data_large.npkd',
    'data_small.npkd',
    'Metadata',
    'deleted_large.npkb',
  ])
  expect(spaceShares([file('metadata.npkm', 0)], [], 8)).toEqual([{ label: 'Metadata', bytes: 0, share: 0 }])
})
