import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NumPack } from '../numpack.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { openStore } from '../read/store.ts'
import { replace } from './replace.ts'

test('rows too many for a write log are replaced by a new data file; deleted rows stay deleted and as they are', () => {
  using store = new ScratchStore({
    name: 'a',
    dtype: 'int16',
    shape: [6],
    data: Int16Array.of(1, 2, 3, 4, 5, 6),
    segments: [4, 2],
    deleted: [1],
  })
  replace(openStore(store.path), { a: Int16Array.of(30, 50) }, [1, 3], 0)
  using npk = NumPack.open(store.path)
  expect(npk.load('a').toList()).toEqual([1, 30, 4, 50, 6])
  expect(npk.restore('a')).toBe(1)
  expect(npk.load('a').toList()).toEqual([1, 2, 30, 4, 50, 6])
  expect(readdirSync(store.path).sort()).toEqual(['.numpack.lock', 'data_a~1.npkd', 'metadata.npkm'])
})
