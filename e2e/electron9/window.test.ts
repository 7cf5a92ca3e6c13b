import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Explorer, STORES, scratchFolder, startExplorer } from './explorer.ts'
import { goToRow, showArray } from './store-page.ts'

const boundsOf = ({ app }: Explorer): Promise<Electron.Rectangle> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())

test('the window opens where it was closed', async ctx => {
  const home = scratchFolder()
  const bounds = { x: 120, y: 90, width: 800, height: 640 }
  const first = await startExplorer(ctx, { home })
  await first.app.evaluate(({ BrowserWindow }, moved) => BrowserWindow.getAllWindows()[0]!.setBounds(moved), bounds)
  await expect.poll(() => boundsOf(first)).toEqual(bounds)
  expect(await first.quit()).toBe(0)

  expect(await boundsOf(await startExplorer(ctx, { home }))).toEqual(bounds)
})

test('a window whose display is gone opens on the present one', async ctx => {
  const home = scratchFolder()
  const settings = path.join(home, 'NumPack Explorer')
  mkdirSync(settings, { recursive: true })
  const placement = { bounds: { x: 4000, y: 3000, width: 800, height: 640 }, maximized: false }
  writeFileSync(path.join(settings, 'window.json'), JSON.stringify({ windows: [{ number: 1, placement }] }))

  const { x, y, width, height } = await boundsOf(await startExplorer(ctx, { home }))
  expect({ width, height }).toEqual({ width: 800, height: 640 })
  // The display has 1440 x 900 pixels.
  expect(x).toBeGreaterThanOrEqual(0)
  expect(y).toBeGreaterThanOrEqual(0)
  expect(x + width).toBeLessThanOrEqual(1440)
  expect(y + height).toBeLessThanOrEqual(900)
})

test('the window becomes visible, with the background of the theme', async ctx => {
  const { app } = await startExplorer(ctx)
  const state = () =>
    app.evaluate(({ BrowserWindow, nativeTheme }) => {
      const window = BrowserWindow.getAllWindows()[0]!
      return {
        visible: window.isVisible(),
        dark: nativeTheme.shouldUseDarkColors,
        background: window.getBackgroundColor(),
      }
    })
  await expect.poll(async () => (await state()).visible).toBe(true)
  const { dark, background } = await state()
  expect(background.toLowerCase()).toBe(dark ? '#15171c' : '#fbfbfc')
})

test('a crash of the page is reported, and reloading shows its stores again as they were', async ctx => {
  const paths = ['dtypes.npk', 'deleted.npk'].map(name => path.join(STORES, name))
  const { app, page } = await startExplorer(ctx, { paths })
  await page.getByRole('tab', { name: 'deleted.npk' }).click()
  await showArray(page, 'random')
  await goToRow(page, 20)
  const isSaved = (): Promise<boolean> =>
    page.evaluate(() => sessionStorage.getItem('numpack-explorer session')?.includes('"cursor":{"row":20') === true)
  await expect.poll(isSaved).toBe(true)
  expect(await page.title()).toBe('deleted.npk')
  // From here on, don't use page: Playwright fails when a crashed page answers late.
  const messageBox = app.evaluate(({ BrowserWindow, dialog }) => {
    const { webContents: contents } = BrowserWindow.getAllWindows()[0]!
    const question = new Promise<Electron.MessageBoxOptions>(resolve => {
      dialog.showMessageBox = (async (_window: unknown, options: Electron.MessageBoxOptions) => {
        // Electron 9 can't reload a page during its crash event.
        await new Promise(answered => setTimeout(answered, 50))
        resolve(options)
        return { response: 0, checkboxChecked: false }
      }) as typeof dialog.showMessageBox
    })
    const loadedAgain = new Promise<void>(resolve => contents.once('did-finish-load', () => resolve()))
    contents.forcefullyCrashRenderer()
    return Promise.all([question, loadedAgain]).then(([options]) => options)
  })
  const { message, buttons } = await messageBox
  expect(message).toMatch(/^The window stopped working: /)
  expect(buttons).toEqual(['Reload', 'Quit'])
  const titleAgain = (): Promise<string> =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.title'),
    )
  await expect.poll(titleAgain).toBe('deleted.npk')
  const inPage = (code: string): Promise<unknown> =>
    app.evaluate(
      ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code),
      code,
    )
  await expect
    .poll(() => inPage('document.querySelector("[role=grid]")?.getAttribute("aria-label")'))
    .toMatch(/^random/)
  const rowOfCursor = `document.querySelector('[role=gridcell][aria-selected=true]')?.closest('[role=row]')?.getAttribute('aria-rowindex')`
  await expect.poll(() => inPage(rowOfCursor)).toBe('22')
  const tabs = '[...document.querySelectorAll("[role=tab]")].map(tab => tab.textContent)'
  expect(await inPage(tabs)).toEqual(['dtypes.npk', 'deleted.npk'])
})

test('the app can quit after a crash of the page', async ctx => {
  const { app } = await startExplorer(ctx)
  const exit = new Promise(resolve => app.process().once('exit', resolve))
  await app
    .evaluate(({ BrowserWindow, dialog }) => {
      // The second button is Quit.
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer()
    })
    // The app may quit before it answers.
    .catch(() => undefined)
  expect(await exit).toBe(0)
})
