import type { Locator, Page } from '@playwright/test'
import path from 'node:path'
import { chooseArray, grid } from './explorer.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

/** Zooming a window of 1440 pixels to 200 % and to 400 % leaves 720 and 360 CSS pixels. */
const SIZES = [
  [720, 450],
  [480, 600],
  [360, 640],
  [320, 512],
] as const

/** Returns the labels of controls and headings that lie partly outside the window. */
const labelsCutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, a, h1')].flatMap(element => {
      const { left, right, width, height } = element.getBoundingClientRect()
      const label = element.ariaLabel ?? element.textContent
      const isInside = left >= -1 && right <= innerWidth + 1
      const isTab = element.role === 'tab' || label.startsWith('Close ')
      // A table of data may scroll sideways (WCAG 1.4.10).
      const isInTable = element.closest('[role=table], [role=grid]') !== null
      return width <= 1 || height <= 1 || isInside || isTab || isInTable ? [] : [label]
    }),
  )

for (const [width, height] of SIZES) {
  test(`a window of ${width} × ${height} CSS pixels cuts nothing off`, async ({ openWindow }) => {
    const page = await openWindow([SAMPLE, path.join(FIXTURES, 'shapes.npk')], { viewport: { width, height } })
    await page.getByRole('tab', { name: 'shapes.npk' }).click()
    await page.keyboard.press('/')
    await chooseArray(page, 'three_d')
    const views: Record<string, Locator> = {
      Plot: page.locator('canvas'),
      Image: page.getByRole('img', { name: /as an image/ }),
      Columns: page.getByRole('table').getByRole('button'),
      Info: page.getByText('Size on disk'),
      Grid: grid(page),
    }
    for (const [view, content] of Object.entries(views)) {
      await page.getByRole('radio', { name: view, exact: true }).click()
      await expect(content.first()).toBeVisible()
      await expect.poll(() => labelsCutOff(page)).toEqual([])
    }
    await expect(grid(page)).toBeVisible()
    const size = await grid(page).boundingBox()
    expect(size!.width).toBeGreaterThan(width - 40)
    expect(size!.height).toBeGreaterThan(height / 4)
  })
}

test('in a narrow window the side panels lie over the array, one at a time, and Escape closes them', async ({
  openWindow,
}) => {
  const page = await openWindow([SAMPLE], { viewport: { width: 480, height: 600 } })
  await expect(grid(page)).toBeVisible()
  const arrays = page.getByRole('navigation', { name: 'Arrays' })
  const details = page.getByRole('region', { name: 'Statistics' })
  await expect(arrays).toHaveCount(0)
  await page.getByRole('button', { name: 'Arrays panel' }).click()
  await expect(arrays).toBeVisible()
  expect(await labelsCutOff(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(arrays).toHaveCount(0)
  await page.getByRole('button', { name: 'Details panel' }).click()
  await expect(details).toBeVisible()
  expect(await labelsCutOff(page)).toEqual([])
  await page.getByRole('button', { name: 'Details panel' }).click()
  await expect(details).toHaveCount(0)

  await page.setViewportSize({ width: 1440, height: 900 })
  await expect(arrays).toBeVisible()
  await expect(details).toBeVisible()
})
