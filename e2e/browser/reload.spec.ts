import type { Page } from '@playwright/test'
import path from 'node:path'
import { cell, chooseArray, goToRow } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const tab = (page: Page, name: string) => page.getByRole('tab', { name })

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
