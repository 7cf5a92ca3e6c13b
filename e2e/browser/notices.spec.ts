import { grid } from './explorer.ts'
import { expect, SAMPLE, test } from './window.ts'

test('the window shows the licences of everything that it contains', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Commands' }).fill('third-party')
  await page.keyboard.press('Enter')
  const notices = page.getByRole('dialog', { name: 'Third-party notices' })
  for (const name of ['react', 'echarts', 'zod', 'lucide-react', '@fontsource-variable/inter', 'SQLite'])
    await expect(notices.getByRole('heading', { name: new RegExp(`(^|, )${name} [\\d(]`) })).toHaveCount(1)
  await expect(notices).toContainText('SIL OPEN FONT LICENSE')
  await expect(notices).toContainText('Apache ECharts')
  await page.screenshot({ path: 'test-results/names/notices.png' })
  await page.keyboard.press('Escape')
  await expect(notices).toHaveCount(0)
})
