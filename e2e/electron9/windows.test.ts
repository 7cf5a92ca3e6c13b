import path from 'node:path'
import type { Page } from 'playwright-electron9'
import { expect, test } from 'vitest'
import { LIMITS } from '../../core/format/limits.ts'
import { writeStore } from '../browser/make-store.ts'
import { type Explorer, scratchFolder, STORES, startExplorer } from './explorer.ts'
import { cellAt, compareVisibleCells, goToRow, notices, showArray } from './store-page.ts'

const store = (name: string): string => path.join(STORES, name)

const titleOf = (page: Page) => (): Promise<string> => page.title()

/** Resolves with the page of the window that an action opens. */
async function pageOpenedBy({ app }: Explorer, action: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([app.waitForEvent('window'), action()])
  page.setDefaultTimeout(15_000)
  await page.getByRole('banner').waitFor()
  return page
}

const clickMenu = ({ app }: Explorer, id: string): Promise<void> =>
  app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()!.getMenuItemById(item)!.click(), id)

const allBounds = ({ app }: Explorer): Promise<Electron.Rectangle[]> =>
  app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .map(window => window.getBounds())
      .sort((a, b) => a.width - b.width),
  )

test('a new window has stores of its own, and both windows come back where they were', async ctx => {
  const home = scratchFolder()
  const explorer = await startExplorer(ctx, { home, paths: [store('dtypes.npk')] })
  await expect.poll(titleOf(explorer.page)).toBe('dtypes.npk')
  const second = await pageOpenedBy(explorer, () => clickMenu(explorer, 'newWindow'))
  await second.getByRole('main', { name: 'Welcome' }).waitFor()
  await explorer.startAgain(store('deleted.npk'))
  await expect.poll(titleOf(second)).toBe('deleted.npk')
  expect(await explorer.page.getByRole('tab').count()).toBe(1)

  const bounds = [
    { x: 40, y: 50, width: 700, height: 500 },
    { x: 300, y: 200, width: 820, height: 600 },
  ]
  await explorer.app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows().forEach((window, i) => window.setBounds(bounds[i]!))
  }, bounds)
  await expect.poll(() => allBounds(explorer)).toEqual(bounds)
  expect(await explorer.quit()).toBe(0)

  const again = await startExplorer(ctx, { home })
  await expect.poll(() => allBounds(again)).toEqual(bounds)
})

test('when as many windows are open as can be, the menu opens no other one, and a window says so', async ctx => {
  const explorer = await startExplorer(ctx)
  let last = explorer.page
  for (let open = 1; open < LIMITS.desktopWindows; open++)
    last = await pageOpenedBy(explorer, () => clickMenu(explorer, 'newWindow'))
  await clickMenu(explorer, 'newWindow')
  await notices(last).getByText(`${LIMITS.desktopWindows} windows are open, as many as can be`).waitFor()
  expect(await allBounds(explorer)).toHaveLength(LIMITS.desktopWindows)
})

test('a window that was closed while another is open does not come back', async ctx => {
  const home = scratchFolder()
  const explorer = await startExplorer(ctx, { home })
  await explorer.page.getByRole('main', { name: 'Welcome' }).waitFor()
  const second = await pageOpenedBy(explorer, () => explorer.page.keyboard.press('Control+Shift+N'))
  await second.getByRole('main', { name: 'Welcome' }).waitFor()
  await explorer.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
  await expect.poll(() => allBounds(explorer)).toHaveLength(1)
  expect(await explorer.quit()).toBe(0)
  const again = await startExplorer(ctx, { home })
  await again.page.getByRole('main', { name: 'Welcome' }).waitFor()
  expect(await allBounds(again)).toHaveLength(1)
})

test('a store moves to a new window with the place where it was', async ctx => {
  const explorer = await startExplorer(ctx, { paths: [store('dtypes.npk'), store('deleted.npk')] })
  const { page } = explorer
  await page.getByRole('tab', { name: 'deleted.npk' }).click()
  await showArray(page, 'random')
  await goToRow(page, 20)
  const second = await pageOpenedBy(explorer, () => page.keyboard.press('Alt+m'))
  await expect.poll(titleOf(second)).toBe('deleted.npk')
  await second.getByRole('grid', { name: /^random/ }).waitFor()
  await expect.poll(() => cellAt(second, 20, 0).getAttribute('aria-selected')).toBe('true')
  await expect.poll(() => page.getByRole('tab').allTextContents()).toEqual(['dtypes.npk'])
})

test('quitting with two windows and a running job asks once, and keeps both when the user wants that', async ctx => {
  const folder = scratchFolder()
  const long = path.join(folder, 'long.npk')
  writeStore(long, [{ name: 'long', shape: [10_000_000, 250] }])
  const explorer = await startExplorer(ctx, { paths: [long] })
  const { app, page } = explorer
  await page.getByRole('grid').waitFor()
  await pageOpenedBy(explorer, () => clickMenu(explorer, 'newWindow'))
  await page.keyboard.press('Control+b')
  await page.getByRole('progressbar').first().waitFor()
  const asked = await app.evaluate(({ app: electronApp, dialog }) => {
    let count = 0
    dialog.showMessageBoxSync = () => {
      count++
      return 1
    }
    electronApp.quit()
    return new Promise<number>(resolve => setImmediate(() => setImmediate(() => resolve(count))))
  })
  expect(asked).toBe(1)
  expect(await allBounds(explorer)).toHaveLength(2)
})

test('an engine that ends is started again: the window says so and goes on reading', async ctx => {
  const { app, page } = await startExplorer(ctx, { paths: [store('deleted.npk')] })
  await page.getByRole('grid').waitFor()
  await app.evaluate(() =>
    (globalThis as unknown as { engineThread: { terminate(): unknown } }).engineThread.terminate(),
  )
  await notices(page)
    .getByText(/^The engine stopped: /)
    .waitFor()
  await showArray(page, 'random')
  expect(await compareVisibleCells(page, 'deleted.npk', 'random')).toBeGreaterThan(5)
})

const zoomLevels = ({ app }: Explorer): Promise<number[]> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(window => window.webContents.getZoomLevel()))

test('zooming holds for every window and for the next start', async ctx => {
  const home = scratchFolder()
  const explorer = await startExplorer(ctx, { home })
  const { page } = explorer
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  await page.keyboard.press('Control+=')
  await page.keyboard.press('Control+=')
  await page.keyboard.press('Control+-')
  await expect.poll(() => zoomLevels(explorer)).toEqual([1])
  await pageOpenedBy(explorer, () => clickMenu(explorer, 'newWindow'))
  await expect.poll(() => zoomLevels(explorer)).toEqual([1, 1])
  await clickMenu(explorer, 'zoomWindowIn')
  await expect.poll(() => zoomLevels(explorer)).toEqual([2, 2])
  expect(await explorer.quit()).toBe(0)
  const again = await startExplorer(ctx, { home })
  await expect.poll(() => zoomLevels(again)).toEqual([2, 2])
  await again.page.getByRole('main', { name: 'Welcome' }).waitFor()
  await again.page.keyboard.press('Control+0')
  await expect.poll(() => zoomLevels(again)).toEqual([0, 0])
})
