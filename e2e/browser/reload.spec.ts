import { createHash } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'
import path from 'node:path'
import { cell, chooseArray, goToRow, showView } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const tab = (page: Page, name: string) => page.getByRole('tab', { name })

/** Drags the right edge of a column's header; returns a function that tells its width, and the new width. */
async function widen(page: Page, name: string): Promise<{ widthOf: () => Promise<number>; widened: number }> {
  const header = page.getByRole('columnheader', { name, exact: true })
  const widthOf = async (): Promise<number> => (await header.boundingBox())?.width ?? 0
  const { x, y, width, height } = (await header.boundingBox())!
  await page.mouse.move(x + width, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width + 60, y + height / 2)
  await page.mouse.up()
  const widened = width + 60
  await expect.poll(widthOf).toBe(widened)
  return { widthOf, widened }
}

async function openByPath(page: Page, store: string): Promise<void> {
  await page.keyboard.press('Control+o')
  const field = page.getByRole('textbox', { name: 'Path' })
  await field.fill(store)
  await field.press('Enter')
}

test('a reload brings back tabs, views and locations', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE, path.join(FIXTURES, 'dtypes.npk')])
  await chooseArray(page, 'timestamp')
  await goToRow(page, '3210')
  await expect(cell(page, 3210, 0)).toHaveAttribute('aria-selected', 'true')
  await openByPath(page, `"${path.join(FIXTURES, 'shapes.npk')}"`)
  await expect(tab(page, 'shapes.npk')).toHaveAttribute('aria-selected', 'true')
  await tab(page, 'dtypes.npk').click()
  await chooseArray(page, 'float64_2d')
  await page.getByRole('radio', { name: 'Columns' }).click()
  await page.getByRole('columnheader', { name: 'Mean' }).getByRole('button').click()
  await expect(page.getByRole('columnheader', { name: 'Mean' })).toHaveAttribute('aria-sort', 'descending')

  await page.reload()
  await expect(page.getByRole('tab')).toHaveCount(3)
  await expect(page.getByRole('tab')).toHaveText([/sample/, /dtypes/, /shapes/])
  await expect(tab(page, 'dtypes.npk')).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('columnheader', { name: 'Mean' })).toHaveAttribute('aria-sort', 'descending')
  await tab(page, 'sample.npk').click()
  await expect(page.getByRole('heading', { level: 1, name: 'timestamp' })).toBeVisible()
  await expect(cell(page, 3210, 0)).toHaveAttribute('aria-selected', 'true')
})

/** Returns a hash of what is drawn in a picture, whether it has the focus or not. */
async function drawing(picture: Locator): Promise<string> {
  const canvas = picture.locator('canvas').first()
  const url = await canvas.evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
  return createHash('sha256').update(url).digest('hex')
}

/** Zooms in with a key and returns what is then drawn. */
async function zoomIn(picture: Locator): Promise<string> {
  const whole = await drawing(picture)
  await picture.press('+')
  await expect.poll(() => drawing(picture)).not.toBe(whole)
  return drawing(picture)
}

test('a reload brings back column widths and the zoom of pictures', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const { widthOf, widened } = await widen(page, '1')
  await chooseArray(page, 'thumbnail')
  await showView(page, 'Plot')
  const plot = page.getByRole('img', { name: /of thumbnail as lines/ })
  const drawn = page.getByRole('status').filter({ hasText: 'every value drawn' })
  await expect(drawn).toBeVisible()
  const zoomedPlot = await zoomIn(plot)
  await showView(page, 'Image')
  const image = page.getByRole('img', { name: /thumbnail as an image/ })
  await image.hover()
  await expect(page.getByText(/^\[\d+, \d+\]/)).toBeVisible()
  const zoomedImage = await zoomIn(image)

  await page.reload()
  await expect.poll(() => drawing(image)).toBe(zoomedImage)
  await showView(page, 'Plot')
  await expect.poll(() => drawing(plot)).toBe(zoomedPlot)
  await showView(page, 'Grid')
  await chooseArray(page, 'embeddings')
  await expect.poll(widthOf).toBe(widened)
})

test('the next start of the program brings back tabs, arrays, views, rows, column widths and zoom', async ({
  openWindow,
}) => {
  const first = await openWindow([SAMPLE, path.join(FIXTURES, 'dtypes.npk')])
  await chooseArray(first, 'timestamp')
  await goToRow(first, '3210')
  await chooseArray(first, 'embeddings')
  const { widened } = await widen(first, '1')
  await chooseArray(first, 'thumbnail')
  await showView(first, 'Plot')
  await expect(first.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
  const zoomed = await zoomIn(first.getByRole('img', { name: /of thumbnail as lines/ }))
  await openByPath(first, path.join(FIXTURES, 'shapes.npk'))
  await expect(tab(first, 'shapes.npk')).toHaveAttribute('aria-selected', 'true')
  await tab(first, 'sample.npk').click()
  await expect(tab(first, 'sample.npk')).toHaveAttribute('aria-selected', 'true')
  await first.close()

  const next = await openWindow([])
  await expect(next.getByRole('tab')).toHaveText([/sample/, /dtypes/, /shapes/])
  await expect(tab(next, 'sample.npk')).toHaveAttribute('aria-selected', 'true')
  await expect.poll(() => drawing(next.getByRole('img', { name: /of thumbnail as lines/ }))).toBe(zoomed)
  await showView(next, 'Grid')
  await chooseArray(next, 'timestamp')
  await expect(cell(next, 3210, 0)).toHaveAttribute('aria-selected', 'true')
  await chooseArray(next, 'embeddings')
  await expect
    .poll(async () => (await next.getByRole('columnheader', { name: '1', exact: true }).boundingBox())?.width)
    .toBe(widened)
})
