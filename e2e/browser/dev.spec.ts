import { cpSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chooseArray, grid } from './explorer.ts'
import { startHost } from './host.ts'
import { expect, FIXTURES, test } from './window.ts'

test('npm run dev serves the window from its sources and shows a store, even when opened by a link from another page', async ({
  sharedBrowser,
  scratch,
  home,
}) => {
  test.skip(process.env['E2E_ELECTRON'] !== undefined, 'the development host serves browsers only')
  test.setTimeout(120_000)
  const store = path.join(scratch, 'shapes.npk')
  cpSync(path.join(FIXTURES, 'shapes.npk'), store, { recursive: true })
  const host = await startHost([store], home, { mode: '--dev' })
  const context = await sharedBrowser.newContext()
  try {
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text())
    })
    page.on('pageerror', error => faults.push(`uncaught: ${error.message}`))
    const link = path.join(scratch, 'link.html')
    writeFileSync(link, `<!doctype html><meta http-equiv="refresh" content="0; url=${host.address}">`)
    await page.goto(pathToFileURL(link).href)
    await expect(grid(page)).toBeVisible({ timeout: 60_000 })
    await chooseArray(page, 'wide')
    await page.keyboard.press('2')
    await expect(page.locator('canvas').first()).toBeVisible()
    expect(faults).toEqual([])
  } finally {
    await context.close()
    await host.end()
  }
})
