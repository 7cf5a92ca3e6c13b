import path from 'node:path'
import type { Page } from '@playwright/test'
import { NDArray } from '../../core/array/ndarray.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { chooseArray, clickAndDownload, showView, textsIn } from './explorer.ts'
import { expect, test } from './window.ts'

const rowsOf = (first: number, count: number, columns: number, valueOf: (i: number) => number) =>
  new NDArray(
    'float64',
    [count, columns],
    Float64Array.from({ length: count * columns }, (_, i) => valueOf(first * columns + i)),
  )

function storeOf(scratch: string, grows: NDArray): string {
  const store = path.join(scratch, 'growing.npk')
  NumPack.with(store, npk => npk.save({ grows }))
  return store
}

const append = (store: string, grows: NDArray): void => NumPack.with(store, npk => npk.append({ grows }))

/** Returns the texts with a decimal point in the saved picture: the labels of axes of values. */
const labelsOf = async (page: Page): Promise<string[]> =>
  textsIn((await clickAndDownload(page, 'Save the picture as SVG…')).file.toString()).filter(text => text.includes('.'))

/** The first rows hold the extremes, so that the axes of values stay the same. */
const value = (i: number): number => (i < 4 ? [-1, -1, 1, 1][i]! : Math.sin(i))

test('an image keeps its zoom while rows are appended', async ({ openWindow, scratch }) => {
  const store = storeOf(
    scratch,
    rowsOf(0, 40, 40, i => i),
  )
  const page = await openWindow([store])
  await chooseArray(page, 'grows')
  await showView(page, 'Image')
  const picture = page.getByRole('img', { name: 'grows as an image, 40 × 40' })
  await expect(picture).toBeVisible()
  for (let i = 0; i < 4; i++) await picture.press('+')
  await picture.press('ArrowRight')
  const box = (await picture.boundingBox())!
  const note = page.getByRole('status').filter({ hasText: /\[\d+, \d+\] {2}[\d,]+/ })
  // Two places tell the part in view: where it is, and how large its elements are.
  const under = async (share: number): Promise<string> => {
    await page.mouse.move(box.x + box.width * share, box.y + box.height * share)
    await expect(note).toBeVisible()
    return /\[.*/.exec((await note.textContent())!)![0]
  }
  const before = [await under(0.4), await under(0.6)]
  append(
    store,
    rowsOf(40, 20, 40, i => i),
  )
  await expect(page.getByRole('img', { name: 'grows as an image, 60 × 40' })).toBeVisible()
  await expect.poll(async () => [await under(0.4), await under(0.6)]).toEqual(before)
  await page.getByRole('img', { name: /grows as an image/ }).press('0')
  await expect.poll(async () => [await under(0.4), await under(0.6)]).not.toEqual(before)
})

for (const [kind, plotName, before, after] of [
  ['Scatter', /grows/, 'All 200 rows', 'All 500 rows'],
  ['Histogram', 'Histogram of grows', '400 finite values', '1,000 finite values'],
] as const)
  test(`a plot (${kind}) keeps its zoom while rows are appended`, async ({ openWindow, scratch }) => {
    const store = storeOf(scratch, rowsOf(0, 200, 2, value))
    const page = await openWindow([store])
    await chooseArray(page, 'grows')
    await showView(page, 'Plot')
    await page.getByRole('radio', { name: kind }).click()
    await expect(page.getByText(before)).toBeVisible()
    const whole = await labelsOf(page)
    await page.getByRole('img', { name: plotName }).focus()
    for (let i = 0; i < 4; i++) await page.keyboard.press('+')
    await page.keyboard.press('ArrowRight')
    const zoomed = await labelsOf(page)
    expect(zoomed).not.toEqual(whole)
    append(store, rowsOf(200, 300, 2, value))
    await expect(page.getByText(after)).toBeVisible()
    expect(await labelsOf(page)).toEqual(zoomed)
  })
