import type { Locator, Page } from 'playwright-electron9'
import { expect } from 'vitest'
import { cellText } from '../expected-text.ts'
import { expectedElements } from './expected.ts'

/** ARIA indices start at 1 and count the header row and the row numbers. */
const GRID_OFFSET = 2

export const cellAt = (page: Page, row: number, column: number): Locator =>
  page
    .locator(`[role=grid] [role=row][aria-rowindex="${row + GRID_OFFSET}"]`)
    .filter({ visible: true })
    .locator(`[role=gridcell][aria-colindex="${column + GRID_OFFSET}"]`)
    .filter({ visible: true })

export async function showArray(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Filter arrays' }).fill(name)
  const named = { name: new RegExp(`^${name}\\b`) }
  await page.getByRole('option', named).click()
  await page.getByRole('grid', named).waitFor()
}

export const notices = (page: Page): Locator => page.getByRole('log', { name: 'Notices' })

/** Compares the visible cells of a 1-D or 2-D array with expected.json. Returns their number. */
export async function compareVisibleCells(page: Page, store: string, array: string): Promise<number> {
  const { cells, shape } = expectedElements(store, array)
  let compared = 0
  for (const [[row = 0, column = 0], text] of cells) {
    const cell = cellAt(page, row, column)
    if ((await cell.count()) === 0) continue
    await expect
      .poll(() => cell.textContent(), { message: `${array}[${row}, ${column}] of ${shape.join(' x ')}` })
      .toBe(cellText(text))
    compared++
  }
  return compared
}

export async function goToRow(page: Page, row: number): Promise<void> {
  await page.keyboard.press('Control+g')
  await page.keyboard.type(String(row))
  await page.keyboard.press('Enter')
  await cellAt(page, row, 0).waitFor()
}
