import path from 'node:path'
import type { Page } from '@playwright/test'
import { NDArray } from '../../core/array/ndarray.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { chooseArray, clickAndDownload, downloadFrom, showView, textsIn } from './explorer.ts'
import { expect, test } from './window.ts'

const float64 = (length: number, valueOf: (i: number) => number) =>
  new NDArray(
    'float64',
    [length],
    Float64Array.from({ length }, (_, i) => valueOf(i)),
  )

const ids = (length: number) =>
  new NDArray(
    'int64',
    [length],
    BigInt64Array.from({ length }, (_, i) => 2n ** 60n + BigInt(i % 50)),
  )

function saveStore(scratch: string, arrays: Record<string, NDArray>): string {
  const store = path.join(scratch, 'numbers.npk')
  using npk = NumPack.open(store)
  npk.save(arrays)
  return store
}

/** Returns the texts of a plot, and the heights of its longest line. */
async function plotOf(page: Page): Promise<{ texts: string[]; heights: number[] }> {
  const svg = (await clickAndDownload(page, 'Save the picture as SVG…')).file.toString()
  const texts = textsIn(svg)
  const lines = [...svg.matchAll(/<path d="(M[^"]*)" fill="none"/g)].map(([, d]) =>
    (d!.match(/-?[\d.]+ -?[\d.]+/g) ?? []).map(point => Number(point.split(' ')[1])),
  )
  return { texts, heights: lines.reduce((longest, line) => (line.length > longest.length ? line : longest), []) }
}

const PLOTS: Record<string, NDArray> = {
  tiny: float64(400, i => 1e-27 * (1 + Math.sin(i / 20))),
  huge: float64(400, i => (i % 2 === 0 ? -1.7e308 : 1.7e308)),
  pressure: float64(400, i => 1013.25 + i * 1e-6),
  ids: ids(400),
}

for (const name of Object.keys(PLOTS))
  test(`a plot of ${name} numbers has a line and different labels`, async ({ openWindow, scratch }) => {
    const page = await openWindow([saveStore(scratch, PLOTS)])
    await chooseArray(page, name)
    await showView(page, 'Plot')
    await expect(page.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
    const { texts, heights } = await plotOf(page)
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(100)
    const labels = texts.filter(text => /^-?[\d.,]+(e[+-]\d+)?$/.test(text))
    expect(labels.length).toBeGreaterThan(6)
    // 0 can be on both axes.
    expect(new Set(labels).size).toBeGreaterThanOrEqual(labels.length - 1)
  })

test('a tooltip has the value in full and is no part of the saved picture', async ({ openWindow, scratch }) => {
  const page = await openWindow([saveStore(scratch, { rounded: float64(3, i => 20_000_001.5 + i) })])
  await chooseArray(page, 'rounded')
  await showView(page, 'Plot')
  const plot = page.getByRole('img', { name: /rounded as lines/ })
  await expect(page.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
  const { file: png } = await clickAndDownload(page, 'Save the picture as PNG…')
  const { x, y, width, height } = (await plot.boundingBox())!
  await expect(async () => {
    await page.mouse.move(x + width / 2, y + height / 3)
    await page.mouse.move(x + width / 2 + 2, y + height / 3)
    await expect(plot.getByText('rounded · row 1: 20,000,002.5')).toBeVisible({ timeout: 1000 })
  }).toPass()
  await page.evaluate(() => document.querySelector<HTMLElement>('[aria-label="Save the picture as PNG…"]')?.focus())
  expect((await downloadFrom(page, () => page.keyboard.press('Enter'))).file.equals(png)).toBe(true)
})

test('a plot marks a single value between NaNs', async ({ openWindow, scratch }) => {
  const page = await openWindow([saveStore(scratch, { lone: float64(400, i => (i === 200 ? 5 : NaN)) })])
  await chooseArray(page, 'lone')
  await showView(page, 'Plot')
  await expect(page.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
  const svg = (await clickAndDownload(page, 'Save the picture as SVG…')).file.toString()
  // A circle of the library is a path with arcs.
  expect(svg.match(/<path d="M[^"]*A[^"]*"/g)).toHaveLength(1)
})

test('a plot keeps its zoom while rows are appended', async ({ openWindow, scratch }) => {
  const rows = (count: number) => float64(count, i => Math.sin(i / 300))
  const store = saveStore(scratch, { grows: rows(1000) })
  const page = await openWindow([store])
  await chooseArray(page, 'grows')
  await showView(page, 'Plot')
  await expect(page.getByRole('status').filter({ hasText: '1,000 rows · every value drawn' })).toBeVisible()
  const plot = page.getByRole('img', { name: /grows as lines/ })
  await plot.focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowUp')
  // The values lie between -1 and 1: labels with more than one digit are rows.
  const rowLabels = async () => (await plotOf(page)).texts.filter(text => /^[\d,]{2,}$/.test(text))
  const before = await rowLabels()
  expect(before).not.toContain('100')
  {
    using npk = NumPack.open(store)
    npk.append({ grows: rows(500) })
  }
  await expect(page.getByRole('status').filter({ hasText: '1,500 rows · every value drawn' })).toBeVisible()
  expect(await rowLabels()).toEqual(before)
})

test('64-bit ids are exact in statistics, columns and the histogram, and are copied as programs read them', async ({
  openWindow,
  scratch,
}) => {
  const data = BigInt64Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 2n ** 60n + BigInt(i % 50) : -7n))
  const page = await openWindow([saveStore(scratch, { ids: new NDArray('int64', [1000, 2], data) })])
  await chooseArray(page, 'ids')
  await showView(page, 'Columns')
  const row = page.getByRole('table', { name: 'Columns of ids' }).getByRole('row').nth(1)
  await expect(row.getByRole('cell').nth(4)).toHaveText('1,152,921,504,606,846,976')
  await expect(row.getByRole('cell').nth(5)).toHaveText('1,152,921,504,606,847,024')
  await expect(row.getByRole('cell').first()).toHaveText('')
  const panel = page.getByRole('region', { name: 'Statistics' })
  const least = panel.getByText('-7', { exact: true }).first()
  await least.click()
  await page.keyboard.press('Control+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('-7')
  await panel.getByText('1,152,921,504,606,847,024', { exact: true }).first().click()
  await page.keyboard.press('Control+c')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('1152921504606847024')
})
