import type { Page } from '@playwright/test'
import path from 'node:path'
import { cell, chooseArray, goToRow, grid } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands' }).fill(command)
  await page.keyboard.press('Enter')
}

async function tabOpenedBy(page: Page, command: string): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await run(page, command)
  return opened
}

test('a new window is a tab without the stores of the first one, and a reload keeps each as it is', async ({
  openWindow,
}) => {
  const page = await openWindow([SAMPLE])
  await expect(grid(page)).toBeVisible()
  const second = await tabOpenedBy(page, 'New window')
  await expect(second.getByRole('main', { name: 'Welcome' })).toBeVisible()
  await expect(second.getByRole('tab')).toHaveCount(0)
  expect(new URL(second.url()).hash).toBe('')
  await expect(page.getByRole('tab')).toHaveCount(1)
  await second.reload()
  await expect(second.getByRole('main', { name: 'Welcome' })).toBeVisible()
  await expect(second.getByRole('tab')).toHaveCount(0)
})

test('a store moves to a new window with its place', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE, path.join(FIXTURES, 'dtypes.npk')])
  await chooseArray(page, 'timestamp')
  await goToRow(page, '3210')
  await expect(cell(page, 3210, 0)).toHaveAttribute('aria-selected', 'true')
  const second = await tabOpenedBy(page, 'Move store to new window')
  await expect(second.getByRole('tab', { name: 'sample.npk' })).toBeVisible()
  await expect(second.getByRole('heading', { level: 1, name: 'timestamp' })).toBeVisible()
  await expect(cell(second, 3210, 0)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('tab')).toHaveText([/dtypes/])
})

test('About has the versions, and leads to the notices and the diagnostics', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await expect(grid(page)).toBeVisible()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Alt+z')
  const about = page.getByRole('dialog', { name: 'About NumPack Explorer' })
  await expect(about).toContainText(/Node\.js\s*24\./)
  await expect(about).toContainText(/Browser\s*.*Chrom/)
  await about.getByRole('button', { name: 'Copy diagnostics' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^NumPack Explorer: \d/)
  expect(copied).toContain('Open stores: 1')
  expect(copied).not.toContain('sample')
  await about.getByRole('button', { name: 'Third-party notices' }).click()
  await expect(page.getByRole('dialog', { name: 'Third-party notices' })).toContainText('echarts')
})

test('Help opens the documentation that comes with the program', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('F1')
  const help = page.getByRole('dialog', { name: 'Help' })
  await expect(help.getByRole('heading', { name: 'Open a store' })).toBeVisible()
  await expect(help).toContainText('Ctrl+G')
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
})
