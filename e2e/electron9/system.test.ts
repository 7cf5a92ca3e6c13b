import path from 'node:path'
import { expect, test } from 'vitest'
import { writeStore } from '../browser/make-store.ts'
import { scratchFolder, STORES, startExplorer } from './explorer.ts'

test('the taskbar shows that a job runs, and no longer when it has ended', async ctx => {
  const store = path.join(scratchFolder(), 'small.npk')
  writeStore(store, [{ name: 'small', shape: [1000, 10] }])
  const { app, page } = await startExplorer(ctx, { paths: [store] })
  await page.getByRole('grid').waitFor()
  await app.evaluate(({ BrowserWindow }) => {
    const bars: number[] = []
    Object.assign(globalThis, { bars })
    const setProgressBar = { value: (progress: number) => bars.push(progress) }
    Object.defineProperty(BrowserWindow.getAllWindows()[0], 'setProgressBar', setProgressBar)
  })
  const bars = (): Promise<number[]> => app.evaluate(() => (globalThis as unknown as { bars: number[] }).bars)
  await page.keyboard.press('Control+b')
  // Node 12 compresses nothing: the job fails before it knows its bytes. 2 is a bar without a share, -1 none.
  await expect.poll(bars).toEqual([2, -1])
})

test('an opened store becomes a recent document of the system', async ctx => {
  const { app, page, startAgain } = await startExplorer(ctx)
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  await app.evaluate(({ app: electronApp }) => {
    const documents: string[] = []
    Object.assign(globalThis, { documents })
    electronApp.addRecentDocument = document => documents.push(document)
  })
  const store = path.join(STORES, 'deleted.npk')
  await startAgain(store)
  await page.getByRole('grid').waitFor()
  const documents = (): Promise<string[]> =>
    app.evaluate(() => (globalThis as unknown as { documents: string[] }).documents)
  await expect.poll(documents).toEqual([store])
})
