import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { cell, chooseArray, grid } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function violations(page: Page): Promise<string[]> {
  // Wait for fades: half-transparent text has less contrast.
  await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => {}))))
  await page.evaluate(AXE)
  const { violations: found } = await page.evaluate<AxeResults, string[]>(
    tags => (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, { runOnly: tags }),
    RULES,
  )
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ''}`),
  )
}

async function leaveDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the window is accessible with a store open: ${colorScheme}`, async ({ openWindow }) => {
    const page = await openWindow([path.join(FIXTURES, 'deleted.npk'), path.join(FIXTURES, 'shapes.npk'), SAMPLE], {
      colorScheme,
    })
    const check = async (what: string) => expect(await violations(page), what).toEqual([])
    await chooseArray(page, 'every_second')
    await expect(cell(page, 0, 0)).toHaveText(/\d/)
    await expect(page.getByRole('region', { name: 'Statistics' }).getByRole('img')).toBeVisible()
    await check('rows')
    await grid(page).focus()
    await page.keyboard.press('s')
    await expect(page.getByRole('radio', { name: 'Show' })).toBeChecked()
    await page.keyboard.press('Shift+ArrowDown')
    await check('deleted rows, several cells selected')
    await page.keyboard.press('w')
    await expect(grid(page).locator('[role=gridcell][style*="background-color"]').first()).toBeVisible()
    await check('shaded cells')
    await page.keyboard.press('2')
    await expect(page.getByRole('img', { name: /every_second/ }).first()).toBeVisible()
    await check('plot')
    await page.keyboard.press('3')
    await expect(page.getByRole('radio', { name: 'Image' })).toBeChecked()
    await check('image')
    await page.keyboard.press('4')
    await expect(page.getByRole('row', { name: /^0 / })).toBeVisible()
    await check('column statistics')
    await page.keyboard.press('5')
    await expect(page.getByRole('region', { name: 'Files' })).toBeVisible()
    await check('info')
    await page.getByRole('tab', { name: 'shapes.npk' }).click()
    await chooseArray(page, 'five_d')
    await check('steppers of middle axes')
    await page.keyboard.press('Control+o')
    await expect(page.getByRole('dialog')).toBeVisible()
    await check('folders to open')
    await leaveDialog(page)
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await check('commands')
    await leaveDialog(page)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await check('keys')
  })

  test(`the window is accessible with packages open: ${colorScheme}`, async ({ openWindow }) => {
    const page = await openWindow([path.join(FIXTURES, 'library.npkg')], { colorScheme })
    const check = async (what: string) => expect(await violations(page), what).toEqual([])
    await page.getByRole('button', { name: 'Verify' }).click()
    await expect(page.getByRole('main')).toContainText('Whole: 8 files')
    await expect(page.getByRole('dialog', { name: 'Jobs' })).toBeVisible()
    await check('a verified package, and its job')
    await leaveDialog(page)
    await page.keyboard.press('u')
    await expect(page.getByRole('dialog')).toBeVisible()
    await check('where to unpack to')
  })

  test(`the window is accessible with a damaged store open: ${colorScheme}`, async ({ openWindow }) => {
    const names = ['short-data.npk', 'torn-bitmap.npk', 'bad-crc.npkg']
    const damaged = names.map(name => path.join(FIXTURES, 'damaged', name))
    const page = await openWindow([...damaged, path.join(FIXTURES, 'empty.npk')], { colorScheme })
    const check = async (what: string) => expect(await violations(page), what).toEqual([])
    for (const name of [...names, 'empty.npk']) {
      await page.getByRole('tab', { name }).click()
      await expect(page.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')
      await expect(page.getByRole('main')).toBeVisible()
      await check(name)
    }
    for (const name of [...names, 'empty.npk']) {
      await page.getByRole('tab', { name }).press('Delete')
      await expect(page.getByRole('tab', { name })).toHaveCount(0)
    }
    await expect(page.getByRole('main', { name: 'Welcome' })).toBeVisible()
    await check('recent stores')
  })
}
