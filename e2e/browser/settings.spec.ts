import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { copiedText } from '../expected-text.ts'
import { cell, chooseArray, expectedStores, grid } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

async function openSettings(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog).toBeVisible()
  return dialog
}

const settingsFile = (home: string): string => path.join(home, 'data/numpack-explorer/settings.json')

async function copySelected(page: Page, expected: string): Promise<void> {
  await page.keyboard.press('Control+c')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(expected)
}

const heightOf = async (row: Locator): Promise<number> => (await row.boundingBox())?.height ?? 0

/** A row of the grid, also while a dialog hides the grid from roles. */
const row = (page: Page, number: number): Locator =>
  page.locator(`[role=grid] [role=row][aria-rowindex="${number + 2}"]`)

const firstCell = (page: Page, number: number): Locator => row(page, number).locator('[role=gridcell]').first()

test('settings apply at once, are kept in one file, and hold after a restart', async ({ openWindow, home }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await expect.poll(() => heightOf(row(page, 0))).toBe(24)
  const dialog = await openSettings(page)
  await dialog.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await dialog.getByRole('radio', { name: 'Comfortable' }).click()
  await expect.poll(() => heightOf(row(page, 0))).toBe(30)
  await dialog.getByRole('radio', { name: 'Scientific' }).click()
  await expect(firstCell(page, 0)).toHaveText(/e/)
  await dialog.getByRole('radio', { name: 'Open nothing' }).click()
  await dialog.getByRole('textbox', { name: 'Worker threads' }).fill('3')
  await dialog.getByRole('textbox', { name: 'Cache limit' }).fill('0.5')
  await expect(dialog.getByText(settingsFile(home))).toBeVisible()
  const kept = {
    theme: 'dark',
    rowDensity: 'comfortable',
    cellFormat: 'scientific',
    restoresStores: false,
    workerThreads: 3,
    cacheBytes: 2 ** 29,
  }
  await expect.poll(() => JSON.parse(readFileSync(settingsFile(home), 'utf8')) as unknown).toEqual(kept)

  const again = await openWindow([path.join(FIXTURES, 'dtypes.npk')])
  await expect(again.getByRole('tab')).toHaveText([/dtypes/])
  await expect(again.locator('html')).toHaveAttribute('data-theme', 'dark')
  const other = await openSettings(again)
  const chosen = other.getByRole('radio', { checked: true })
  await expect(chosen).toHaveText(['Dark', 'Comfortable', 'Scientific', 'Point, 0.5', 'Open nothing'])
  await expect(other.getByRole('textbox', { name: 'Worker threads' })).toHaveValue('3')
  await expect(other.getByRole('textbox', { name: 'Cache limit' })).toHaveValue('0.5')
})

test('with a decimal comma in copies, cells and complex numbers have one, and the cells on screen a point', async ({
  openWindow,
}) => {
  const page = await openWindow([path.join(FIXTURES, 'dtypes.npk')])
  await (await openSettings(page)).getByRole('radio', { name: 'Comma, 0,5' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  for (const name of ['float64_2d', 'complex128_2d']) {
    await chooseArray(page, name)
    const { cells } = expectedStores['dtypes.npk']![name]!
    const [[index, text]] = cells.filter(([, text]) => copiedText(text).includes('.')) as [(typeof cells)[number]]
    const [at = 0, column = 0] = index
    await cell(page, at, column).click()
    await expect(cell(page, at, column)).toHaveText(/\./)
    await copySelected(page, copiedText(text).replaceAll('.', ','))
    await page.keyboard.press('c')
    await copySelected(page, copiedText(text).replaceAll('.', ','))
  }
})

test('the dialog returns the focus, and keeps the place of the grid when rows become lower', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await page.keyboard.press('Control+g')
  await page.keyboard.type('2000')
  await page.keyboard.press('Enter')
  await expect(cell(page, 2000, 0)).toHaveAttribute('aria-selected', 'true')
  await expect(grid(page)).toBeFocused()
  const dialog = await openSettings(page)
  await page.keyboard.press('Tab')
  await expect(dialog.getByRole('radio', { name: 'System' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(dialog.getByRole('radio', { name: 'Normal' })).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect.poll(() => heightOf(row(page, 2000))).toBe(20)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(grid(page)).toBeFocused()
  await expect(cell(page, 2000, 0)).toHaveAttribute('aria-selected', 'true')
  // Histograms above the columns have the grid made anew as well.
  const header = page.getByRole('columnheader', { name: '0', exact: true })
  const withHistogram = await heightOf(header)
  await page.keyboard.press('d')
  await expect.poll(() => heightOf(header)).toBeLessThan(withHistogram)
  await expect(cell(page, 2000, 0)).toHaveAttribute('aria-selected', 'true')
})
