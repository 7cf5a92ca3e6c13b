import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import type { ExpectedText } from '../expected-text.ts'
import { FIXTURES } from './window.ts'

export interface ExpectedArray {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  cells: [index: number[], text: ExpectedText][]
}

export const expectedStores = (
  JSON.parse(readFileSync(path.join(FIXTURES, 'expected.json'), 'utf8')) as {
    stores: Record<string, Record<string, ExpectedArray>>
  }
).stores

export const grid = (page: Page): Locator => page.getByRole('grid')

export const cell = (page: Page, row: number, column: number): Locator =>
  grid(page).locator(`[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 2}"]`)

export const rowHeader = (page: Page, row: number): Locator =>
  grid(page).locator(`[role=row][aria-rowindex="${row + 2}"] [role=rowheader]`)

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
