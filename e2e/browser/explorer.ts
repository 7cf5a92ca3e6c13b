import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { FIXTURES } from './window.ts'

export interface ExpectedArray {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  cells: [index: number[], text: string | [re: string, im: string]][]
}

export const expectedStores = (
  JSON.parse(readFileSync(path.join(FIXTURES, 'expected.json'), 'utf8')) as {
    stores: Record<string, Record<string, ExpectedArray>>
  }
).stores

export const grid = (page: Page): Locator => page.getByRole('grid')

export const cell = (page: Page, row: number, column: number): Locator =>
  grid(page).locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 2}"]`)

/** Returns the header of a row in the grid: its row number, and its row on disk when that differs. */
export const rowHeader = async (page: Page, row: number): Promise<Locator> => {
  const owner = grid(page).locator(`[role=row][aria-rowindex="${row + 2}"]`)
  const id = await owner.getAttribute('aria-owns')
  return page.locator(`[id="${id}"]`)
}

export async function chooseArray(page: Page, name: string): Promise<void> {
  const filter = page.getByRole('combobox', { name: 'Filter arrays' })
  await filter.fill(name)
  await page
    .getByRole('option')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click()
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
}

export async function goToRow(page: Page, row: string): Promise<void> {
  await page.keyboard.press('Control+g')
  await page.keyboard.type(row)
  await page.keyboard.press('Enter')
}

/**
 * Formats a text of expected.json as a cell shows it: complex numbers as `re + im i`, with the typographic minus sign.
 */
export function shownText(text: string | [re: string, im: string]): string {
  return copiedText(text).replaceAll('-', '\u2212')
}

/** Formats a text of expected.json as it is copied: in ASCII, so that other programs can read it as a number. */
export function copiedText(text: string | [re: string, im: string]): string {
  if (typeof text === 'string') return text
  const [re, im] = text
  const size = im.replace(/^-/, '')
  return `${re} ${im.startsWith('-') ? '-' : '+'} ${/^\d/.test(size) ? size : `${size} `}i`
}
