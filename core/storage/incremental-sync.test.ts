import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SYNC_BYTES } from '../system/incremental-sync.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { openFiles } from '../test-support/open-files.ts'
import { slice } from '../array/selection.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-background-'))
})
afterEach(() => removeFolder(root))

const COLUMNS = 1024
const ROWS = Math.ceil((2.3 * SYNC_BYTES) / (4 * COLUMNS))

function rows(count: number, from: number): NDArray {
  const data = new Int32Array(count * COLUMNS)
  for (let row = 0; row < count; row++) data.fill(from + row, row * COLUMNS, (row + 1) * COLUMNS)
  return NDArray.from(data, { shape: [count, COLUMNS] })
}

test('large arrays are whole, what they were is gone at once, and no file stays open', async ctx => {
  const path = join(root, 'store.npk')
  const dataFiles = () => readdirSync(path).filter(file => file.endsWith('.npkd'))
  NumPack.with(path, npk => {
    npk.save({ a: rows(ROWS, 0) })
    npk.append({ a: rows(ROWS, ROWS) })
    npk.drop('a', slice(null, null, 3))
    npk.update('a')
  })
  expect(dataFiles()).toHaveLength(1)
  const kept = Array.from({ length: 2 * ROWS }, (_, row) => row).filter(row => row % 3 !== 0)
  NumPack.with(path, npk => {
    expect(npk.getShape('a')).toEqual([kept.length, COLUMNS])
    const wrong = kept.filter((row, i) => {
      const cells = (npk.load('a', { lazy: true }).get(i) as NDArray).data as Int32Array
      return !cells.every(cell => cell === row)
    })
    expect(wrong).toEqual([])
    npk.drop('a')
    npk.reset()
  })
  expect(dataFiles()).toEqual([])
  ctx.skip(process.platform !== 'linux', '/proc/self/fd is on Linux only')
  await vi.waitFor(() => expect(openFiles(root)).toEqual([]))
})
