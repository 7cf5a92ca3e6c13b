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

export const showView = (page: Page, view: string): Promise<void> =>
  page.getByRole('radio', { name: view, exact: true }).first().click()

export interface Download {
  name: string
  file: Buffer
}

/** Returns the file that an action downloads. */
export async function downloadFrom(page: Page, action: () => Promise<void>): Promise<Download> {
  const download = page.waitForEvent('download')
  await action()
  const got = await download
  return { name: got.suggestedFilename(), file: readFileSync(await got.path()) }
}

export const clickAndDownload = (page: Page, button: string): Promise<Download> =>
  downloadFrom(page, () => page.getByRole('button', { name: button }).click())

/** Returns the texts in an SVG picture. */
export const textsIn = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!)
