import path from 'node:path'
import type { Page } from 'playwright-electron9'
import { expect, test } from 'vitest'
import { type Explorer, scratchFolder, STORES, startExplorer } from './explorer.ts'
import { compareVisibleCells, notices, showArray } from './store-page.ts'

const store = (name: string): string => path.join(STORES, name)

const titleOf = (page: Page) => (): Promise<string> => page.title()

const themeOf = ({ app }: Explorer): Promise<string> => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)

const chooseFolders = ({ app }: Explorer, filePaths: string[]): Promise<void> =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: chosen.length === 0, filePaths: chosen })
  }, filePaths)

const clickMenu = ({ app }: Explorer, id: string): Promise<void> =>
  app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()!.getMenuItemById(item)!.click(), id)

test('a second start opens its store in the first window', async ctx => {
  const { app, page, startAgain } = await startExplorer(ctx, { paths: [store('dtypes.npk')] })
  await expect.poll(titleOf(page)).toBe('dtypes.npk')
  await startAgain(store('deleted.npk'))
  await expect.poll(titleOf(page)).toBe('deleted.npk')
  await showArray(page, 'random')
  expect(await compareVisibleCells(page, 'deleted.npk', 'random')).toBeGreaterThan(5)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('a second start resolves a relative store path against its own folder', async ctx => {
  const { page, startAgain } = await startExplorer(ctx)
  await startAgain('core/fixtures/stores/shapes.npk')
  await expect.poll(titleOf(page)).toBe('shapes.npk')
})

test('the menu opens a folder that the user picks', async ctx => {
  const explorer = await startExplorer(ctx)
  await chooseFolders(explorer, [store('deleted.npk')])
  await clickMenu(explorer, 'openFolder')
  await expect.poll(titleOf(explorer.page)).toBe('deleted.npk')
})

test('a package on the command line opens with its contents and its rows', async ctx => {
  const { page, messages, savePicture } = await startExplorer(ctx, { paths: [store('deleted-v2-raw.npkg')] })
  await page.getByRole('heading', { name: 'deleted-v2-raw.npkg' }).waitFor()
  await savePicture('package')
  await showArray(page, 'random')
  expect(await compareVisibleCells(page, 'deleted.npk', 'random')).toBeGreaterThan(5)
  expect(messages).toEqual([])
})

test('cancelling the folder dialog changes nothing', async ctx => {
  const explorer = await startExplorer(ctx)
  await explorer.page.getByRole('main', { name: 'Welcome' }).waitFor()
  await chooseFolders(explorer, [])
  await clickMenu(explorer, 'openFolder')
  await explorer.page.getByRole('button', { name: 'Open folder…' }).first().click()
  expect(await explorer.page.title()).toBe('NumPack Explorer')
  expect(explorer.messages).toEqual([])
})

test("the window's own button opens the same folder dialog", async ctx => {
  const explorer = await startExplorer(ctx)
  await chooseFolders(explorer, [store('shapes.npk'), store('dtypes.npk')])
  await explorer.page.getByRole('main', { name: 'Welcome' }).getByRole('button', { name: 'Open folder…' }).click()
  await expect.poll(titleOf(explorer.page)).toBe('shapes.npk')
})

test('an opened store is listed under Open Recent', async ctx => {
  const explorer = await startExplorer(ctx, { paths: [store('dtypes.npk'), store('deleted.npk')] })
  await expect.poll(titleOf(explorer.page)).toBe('dtypes.npk')
  const offered = () =>
    explorer.app.evaluate(({ Menu }) => {
      const { items } = Menu.getApplicationMenu()!.getMenuItemById('openRecent')!.submenu!
      return items.map(({ label }) => label)
    })
  await expect.poll(offered).toEqual(['deleted.npk', 'dtypes.npk'])
  await explorer.app.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()!.getMenuItemById('openRecent')!.submenu!.items[0]!.click()
  })
  await expect.poll(titleOf(explorer.page)).toBe('deleted.npk')
})

test('menu commands reach the window', async ctx => {
  const explorer = await startExplorer(ctx, { paths: [store('deleted.npk')] })
  await explorer.page.getByRole('grid').waitFor()
  await clickMenu(explorer, 'keyboardShortcuts')
  await expect.poll(() => explorer.page.getByRole('dialog').isVisible()).toBe(true)
})

test("when SQLite can't load, one sentence says that recent stores are not kept", async ctx => {
  const { page, savePicture } = await startExplorer(ctx, { paths: [store('dtypes.npk')] })
  await page.getByRole('grid').waitFor()
  const notice = page.getByText(
    /^Recent stores and the layout of the window are kept only until the program ends: SQLite can't load/,
  )
  await expect.poll(() => notice.first().isVisible()).toBe(true)
  await savePicture('without-sqlite')
})

test('a path that is not a store gives one sentence in the window and on the terminal, and exit status 2', async ctx => {
  const missing = path.join(scratchFolder(), 'missing.npk')
  const { page, stderr, quit, savePicture } = await startExplorer(ctx, { paths: [missing] })
  await notices(page).getByText(`${missing} is not there.`).waitFor()
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  await savePicture('missing-store')
  expect(stderr()).toBe(`${missing} is not there.`)
  expect(await quit()).toBe(2)
})

test('a bad path does not keep a good one beside it from opening', async ctx => {
  const damaged = store('damaged/wrong-magic.npk')
  const { page, stderr, quit } = await startExplorer(ctx, { paths: [damaged, store('dtypes.npk')] })
  await expect.poll(titleOf(page)).toBe('dtypes.npk')
  await notices(page).getByText('not NumPack metadata').waitFor()
  expect(stderr()).toMatch(/^.*wrong-magic\.npk.*not NumPack metadata.*$/)
  expect(await quit()).toBe(0)
})

test('the next window starts in the chosen theme', async ctx => {
  const home = scratchFolder()
  const first = await startExplorer(ctx, { home, paths: [store('dtypes.npk')] })
  await first.page.getByRole('grid').waitFor()
  expect(await themeOf(first)).toBe('system')
  await first.page.keyboard.press('t')
  await first.page.keyboard.press('t')
  await expect.poll(() => themeOf(first)).toBe('dark')
  expect(await first.quit()).toBe(0)

  const second = await startExplorer(ctx, { home })
  expect(await themeOf(second)).toBe('dark')
  const background = () =>
    second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBackgroundColor())
  expect((await background()).toLowerCase()).toBe('#15171c')
})
