import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { cell, chooseArray, expectedStores, goToRow, grid } from './explorer.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

interface Statistics {
  finite: number
  zeros: number
  min: string
  max: string
  mean: number
}

const statisticsOf = (array: string): Statistics =>
  (expectedStores['library.npk']![array] as unknown as { statistics: Statistics }).statistics

const panel = (page: Page) => page.getByRole('region', { name: 'Statistics' })

const figure = (page: Page, name: string) =>
  panel(page)
    .getByRole('term')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('xpath=following-sibling::dd[1]')

const plain = (text: string): string => text.replaceAll(',', '')

test('statistics of an array appear by themselves, and the maximum leads to its row', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const { min, max, mean, finite } = statisticsOf('embeddings')
  await expect(figure(page, 'Finite')).toHaveText(finite.toLocaleString('en'))
  await expect(figure(page, 'Min')).toContainText(min)
  expect(Number(plain((await figure(page, 'Mean').textContent())!))).toBeCloseTo(mean, 6)
  await expect(panel(page).getByRole('img', { name: /Histogram of 64 bins/ })).toBeVisible()
  await figure(page, 'Max').getByRole('button').click()
  const selection = page.getByRole('complementary', { name: 'Selection' })
  await expect(selection.getByRole('status', { name: 'Value' })).toHaveText(max)
  await expect(grid(page)).toBeFocused()
})

async function countOfMissing(page: Page, selector: string): Promise<() => Promise<number>> {
  const watch = await page.evaluateHandle(selector => {
    const watch = { missing: 0 }
    const look = () => (watch.missing += document.querySelector(selector) === null ? 1 : 0)
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
    return watch
  }, selector)
  return () => watch.evaluate(({ missing }) => missing)
}

test("statistics of the cursor's column replace those of the array and lead to its cells", async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const { shape, deletedRows } = expectedStores['library.npk']!['embeddings']!
  const columns = shape[1]!
  const file = readFileSync(path.join(SAMPLE, 'data_embeddings.npkd'))
  const elements = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length))
  const deleted = new Set(deletedRows)
  const columnOf = (column: number): number[] =>
    Array.from({ length: elements.length / columns }, (_, row) => row)
      .filter(row => !deleted.has(row))
      .map(row => elements[row * columns + column]!)
  await cell(page, 0, 0).click()
  for (let step = 0; step < 7; step++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('k')
  await expect(panel(page).getByRole('radio', { name: 'Column 7' })).toBeChecked()
  await expect(figure(page, 'Elements')).toHaveText(shape[0]!.toLocaleString('en'))
  const greatest = Math.max(...columnOf(7))
  const row = columnOf(7).indexOf(greatest)
  await expect(figure(page, 'Max')).toContainText(`row ${row.toLocaleString('en')}, column 7`)
  await figure(page, 'Max').getByRole('button').click()
  await expect(cell(page, row, 7)).toHaveAttribute('aria-selected', 'true')
  const missing = await countOfMissing(page, '[aria-label=Statistics] dl')
  await page.keyboard.press('ArrowRight')
  await expect(panel(page).getByRole('radio', { name: 'Column 8' })).toBeChecked()
  const least = columnOf(8).indexOf(Math.min(...columnOf(8)))
  await expect(figure(page, 'Min')).toContainText(`row ${least.toLocaleString('en')}, column 8`)
  expect(await missing(), 'the figures before stay until the next ones are there').toBe(0)
  await panel(page).getByRole('radio', { name: 'Array' }).click()
  await expect(figure(page, 'Elements')).toHaveText((shape[0]! * columns).toLocaleString('en'))
  await chooseArray(page, 'labels')
  await expect(panel(page).getByRole('radio', { name: 'Array' })).toHaveCount(0)
})

test('the maximum leads from a plot back to the grid', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'score')
  await page.getByRole('radio', { name: 'Plot' }).click()
  await figure(page, 'Max').getByRole('button').click()
  await expect(grid(page)).toBeVisible()
  const row = /row ([\d,]+)/.exec((await figure(page, 'Max').textContent())!)![1]!.replaceAll(',', '')
  await expect(cell(page, Number(row), 0)).toHaveAttribute('aria-selected', 'true')
})

test('statistics of a selection count active rows only', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'small.npk')
  writeStore(store, [{ name: 'a', shape: [100, 3], rows: { 10: [1, 2, 4], 11: [8, 16, 32] } }])
  const page = await openWindow([store])
  await expect(cell(page, 0, 0)).toBeVisible()
  await goToRow(page, '10')
  await expect(cell(page, 10, 0)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  const selection = page.getByRole('complementary', { name: 'Selection' })
  await expect(selection.getByText('27.0')).toBeVisible()
  const missing = await countOfMissing(page, '[aria-busy]:not([aria-label=Statistics] *)')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(selection.getByText('63.0')).toBeVisible()
  expect(await missing(), 'the figures before stay until the next ones are there').toBe(0)
  await expect(figure(page, 'Sum')).toHaveText('63.0')
  await expect(figure(page, 'Elements')).toHaveText('300')

  const sample = await openWindow([SAMPLE])
  await chooseArray(sample, 'embeddings')
  await expect(panel(sample)).toContainText('3,750 rows')
  await sample.getByRole('radio', { name: 'Only' }).click()
  await expect(panel(sample)).toContainText('250 deleted rows')
  await expect(figure(sample, 'Elements')).toHaveText('12,000')
})

test('a long array shows partial statistics at once, refines them and can be cancelled', async ({
  openWindow,
  scratch,
}) => {
  const store = path.join(scratch, 'long.npk')
  writeStore(store, [{ name: 'log', shape: [400_000_000, 2], rows: { 5: [3, 0] } }])
  const page = await openWindow([store])
  await expect(panel(page)).toContainText('partial')
  await expect(panel(page).getByRole('progressbar', { name: 'Statistics' })).toBeVisible()
  const seen = async () => Number(plain((await figure(page, 'Elements').textContent())!))
  const first = await seen()
  await expect.poll(seen).toBeGreaterThan(first)
  await goToRow(page, '300000000')
  await expect(cell(page, 300_000_000, 0)).toHaveText('0.0')
  await panel(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(panel(page)).toContainText('cancelled')
  await expect(panel(page)).toContainText('partial')
  const left = await seen()
  expect(left).toBeLessThan(800_000_000)
  await panel(page).getByRole('button', { name: 'Start again' }).click()
  await expect(panel(page).getByRole('progressbar', { name: 'Statistics' })).toBeVisible()
})

test('statistics follow an array that another program changes', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'growing.npk')
  writeStore(store, [{ name: 'log', shape: [1000, 3] }])
  const page = await openWindow([store])
  await expect(figure(page, 'Elements')).toHaveText('3,000')
  writeStore(store, [{ name: 'log', shape: [2000, 3], rows: { 1999: [4.5, 0, 0] } }])
  await expect(figure(page, 'Elements')).toHaveText('6,000')
  await expect(figure(page, 'Max')).toContainText('4.5')
})

test('an array of images has statistics of each channel', async ({ openWindow }) => {
  const page = await openWindow([path.join(FIXTURES, 'shapes.npk')])
  await chooseArray(page, 'image_rgb')
  const rows = page.getByRole('table', { name: 'Channels' }).getByRole('row')
  // numpy.mean and numpy.std of each channel
  await expect(rows).toContainText(['Mean', '126.474.394', '127.7673.798', '126.973.949'])
  await chooseArray(page, 'five_d')
  await expect(figure(page, 'Elements')).toHaveText('240')
  await expect(page.getByRole('table', { name: 'Channels' })).toHaveCount(0)
})

test('columns have small histograms, and a key hides them in this and the next window', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const bars = grid(page).getByRole('columnheader', { name: '3', exact: true }).locator('path')
  await expect(bars).toHaveAttribute('d', /^M.*z$/)
  await grid(page).focus()
  await page.keyboard.press('d')
  await expect(bars).toHaveAttribute('d', '')
  const again = await openWindow([SAMPLE])
  await expect(cell(again, 0, 0)).not.toHaveText('')
  const header = grid(again).getByRole('columnheader', { name: '3', exact: true })
  await expect(header).toHaveCSS('height', '28px')
  await again.keyboard.press('d')
  await expect(header).toHaveCSS('height', '48px')
  await expect(header.locator('path')).toHaveAttribute('d', /^M.*z$/)
})

test('the histogram takes the chosen number of bins and has its own plot', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'score')
  await panel(page).getByRole('radio', { name: '128' }).click()
  await expect(panel(page).getByRole('img', { name: /Histogram of 128 bins/ })).toBeVisible()
  await panel(page).getByRole('checkbox', { name: 'Log axis' }).check()
  await expect(panel(page).getByRole('img', { name: /Histogram of 128 bins/ })).toBeVisible()
  await page.getByRole('radio', { name: 'Plot' }).click()
  await page.getByRole('radio', { name: 'Histogram' }).click()
  await expect(page.getByRole('img', { name: 'Histogram of score' })).toBeVisible()
  await expect(page.getByText(`${statisticsOf('score').finite.toLocaleString('en')} finite values`)).toBeVisible()
})

test('the plotted histogram leaves out deleted rows even while they are shown', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await page.keyboard.press('s')
  await page.getByRole('radio', { name: 'Plot' }).click()
  await page.getByRole('radio', { name: 'Histogram' }).click()
  const { finite } = statisticsOf('embeddings')
  await expect(page.getByText(`${finite.toLocaleString('en')} finite values`)).toBeVisible()
})

test('a histogram of few whole numbers has one bar each', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'labels')
  const { min, max } = statisticsOf('labels')
  const name = `Histogram of ${Number(max) - Number(min) + 1} bins from ${min} to ${max}`
  await expect(panel(page).getByRole('img', { name })).toBeVisible()
})

test('the columns view sorts 5,001 columns by any statistic, and each row leads to its column', async ({
  openWindow,
}) => {
  const page = await openWindow([path.join(FIXTURES, 'shapes.npk')])
  await chooseArray(page, 'wide')
  await page.getByRole('radio', { name: 'Columns' }).click()
  const table = page.getByRole('table', { name: 'Columns of wide' })
  await expect(table).toHaveAttribute('aria-rowcount', '5002')
  await expect(page.getByRole('status').filter({ hasText: '5,001 columns over 3 rows' })).toBeVisible()
  const first = table.getByRole('row').nth(1)
  await expect(first.getByRole('rowheader')).toHaveText('0')
  await table.getByRole('button', { name: 'Max' }).click()
  await expect(table.getByRole('columnheader', { name: 'Max' })).toHaveAttribute('aria-sort', 'descending')
  const { max } = (expectedStores['shapes.npk']!['wide'] as unknown as { statistics: Statistics }).statistics
  await expect(first.getByRole('cell').nth(5)).toHaveText(max)
  const column = Number(plain((await first.getByRole('rowheader').textContent())!))
  await table.evaluate(element => element.scrollTo(0, element.scrollHeight))
  await expect(table.locator('[aria-rowindex="5002"]')).toBeVisible()
  await table.evaluate(element => element.scrollTo(0, 0))
  await first.getByRole('rowheader').getByRole('button').click()
  await expect(cell(page, 0, column)).toHaveAttribute('aria-selected', 'true')
})

test('the columns view marks constant and equal columns', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'odd.npk')
  writeStore(store, [{ name: 'odd', shape: [3, 4], rows: { 0: [1, 0, 1, NaN], 1: [2, 0, 2, NaN], 2: [4, 0, 4, NaN] } }])
  const page = await openWindow([store])
  await expect(cell(page, 0, 0)).toBeVisible()
  await page.keyboard.press('4')
  const notes = page.getByRole('table').getByRole('row')
  for (const [row, note] of [
    [2, 'constant'],
    [3, 'same as 0'],
    [4, 'all NaN'],
  ] as const)
    await expect(notes.nth(row).getByRole('cell').first()).toHaveText(note)
})

test('the columns view pages through 20,000,000 columns by keyboard', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'broad.npk')
  const columns = 20_000_000
  writeStore(store, [{ name: 'broad', shape: [1, columns], rows: { 0: [7, 0, 7] } }])
  const page = await openWindow([store])
  await expect(cell(page, 0, 0)).toBeVisible()
  await page.keyboard.press('4')
  const table = page.getByRole('table', { name: 'Columns of broad' })
  const pages = page.getByRole('navigation', { name: 'Pages of columns' })
  const first = table.getByRole('row').nth(1)
  await expect(pages.getByRole('status')).toHaveText('Columns 0 to 65,535 of 20,000,000')
  await expect(first.getByRole('cell').nth(5)).toHaveText('7.0')
  const next = pages.getByRole('button', { name: 'Next columns' })
  await next.focus()
  await page.keyboard.press('Enter')
  await expect(pages.getByRole('status')).toHaveText('Columns 65,536 to 131,071 of 20,000,000')
  await expect(first.getByRole('rowheader')).toHaveText('65,536')
  await expect(first.getByRole('cell').nth(5)).toHaveText('0.0')
  await pages.getByRole('spinbutton', { name: 'Page' }).fill('306')
  await expect(pages.getByRole('status')).toHaveText('Columns 19,988,480 to 19,999,999 of 20,000,000')
  await expect(table).toHaveAttribute('aria-rowcount', '11521')
  await expect(next).toHaveAttribute('aria-disabled', 'true')
  await first.getByRole('rowheader').getByRole('button').click()
  await expect(cell(page, 0, 19_988_480)).toHaveAttribute('aria-selected', 'true')
})

test('the columns view has no page control when all columns fit one page', async ({ openWindow }) => {
  const page = await openWindow([path.join(FIXTURES, 'shapes.npk')])
  await chooseArray(page, 'wide')
  await page.getByRole('radio', { name: 'Columns' }).click()
  await expect(page.getByRole('table', { name: 'Columns of wide' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Pages of columns' })).toHaveCount(0)
})
