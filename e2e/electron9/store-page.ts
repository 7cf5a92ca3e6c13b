import type { Locator, Page } from 'playwright-electron9'
import { expect } from 'vitest'
import { cellText, expectedArray } from './expected.ts'

/** The grid's header row, and the column of row numbers, count as the first. */
const GRID_OFFSET = 2

/** The cell of a position in the grid on screen. The grid keeps cells that it doesn't need just now, hidden. */
export const cellAt = (page: Page, row: number, column: number): Locator =>
  page
    .locator(`[role=grid] [role=row][aria-rowindex="${row + GRID_OFFSET}"]`)
    .filter({ visible: true })
    .locator(`[role=gridcell][aria-colindex="${column + GRID_OFFSET}"]`)
    .filter({ visible: true })

/** Puts an array of the open store on screen. */
export async function showArray(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Filter arrays' }).fill(name)
  const named = { name: new RegExp(`^${name}\\b`) }
  await page.getByRole('option', named).click()
  await page.getByRole('grid', named).waitFor()
}

/** What the window says in its corner. */
export const notices = (page: Page): Locator => page.getByRole('log', { name: 'Notices' })

/**
 * Compares all cells on screen that expected.json knows with what NumPy says: 1-D and 2-D arrays, deleted rows hidden.
 * Returns how many those were.
 */
export async function compareVisibleCells(page: Page, store: string, array: string): Promise<number> {
  const { cells, shape } = expectedArray(store, array)
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
