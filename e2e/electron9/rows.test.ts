import { cpSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { expectedElements } from './expected.ts'
import { STORES, scratchFolder, startExplorer } from './explorer.ts'
import { cellAt, compareVisibleCells, showArray } from './store-page.ts'

const DTYPES = [
  'bool',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex64',
  'complex128',
]

test('the desktop window shows the rows that NumPy reads, in every dtype', async ctx => {
  const { page, messages, stderr, quit, savePicture } = await startExplorer(ctx, {
    paths: [path.join(STORES, 'dtypes.npk')],
  })
  await page.getByRole('grid').waitFor()
  expect(await page.title()).toBe('dtypes.npk')
  for (const dtype of DTYPES)
    for (const array of [`${dtype}_1d`, `${dtype}_2d`]) {
      await showArray(page, array)
      const grid = page.getByRole('grid')
      expect(await grid.getAttribute('aria-rowcount')).toBe(String(expectedElements('dtypes.npk', array).shape[0]! + 1))
      expect(await compareVisibleCells(page, 'dtypes.npk', array)).toBeGreaterThan(5)
    }
  await savePicture('dtypes')
  expect(messages).toEqual([])
  expect(stderr()).toBe('')
  expect(await quit()).toBe(0)
})

test('the desktop window shows the last rows and those after deleted ones', async ctx => {
  const { page, savePicture } = await startExplorer(ctx, { paths: [path.join(STORES, 'deleted.npk')] })
  for (const array of ['random', 'every_second', 'first_and_last']) {
    await showArray(page, array)
    const grid = page.getByRole('grid')
    const last = expectedElements('deleted.npk', array).shape[0]! - 1
    expect(await compareVisibleCells(page, 'deleted.npk', array)).toBeGreaterThan(5)
    await grid.press('Control+End')
    await cellAt(page, last, 0).waitFor()
    expect(await compareVisibleCells(page, 'deleted.npk', array)).toBeGreaterThan(0)
  }
  await savePicture('deleted')
})

test('rows that another program restores appear while the store is open', async ctx => {
  const store = path.join(scratchFolder(), 'changing.npk')
  cpSync(path.join(STORES, 'deleted.npk'), store, { recursive: true })
  const { page } = await startExplorer(ctx, { paths: [store] })
  await page.getByRole('grid').waitFor()
  await showArray(page, 'random')
  const rows = () => page.getByRole('grid').getAttribute('aria-rowcount')
  const { shape, physicalRows } = expectedElements('deleted.npk', 'random')
  expect(await rows()).toBe(String(shape[0]! + 1))
  rmSync(path.join(store, 'deleted_random.npkb'))
  await expect.poll(rows).toBe(String(physicalRows + 1))
})
