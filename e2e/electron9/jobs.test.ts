import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { writeStore } from '../browser/make-store.ts'
import { type Explorer, scratchFolder, startExplorer } from './explorer.ts'

const closeAndAnswer = ({ app }: Explorer, button: string): Promise<string> =>
  app.evaluate(({ BrowserWindow, dialog }, wanted) => {
    return new Promise<string>(resolve => {
      dialog.showMessageBoxSync = ((_window: unknown, { message, buttons = [] }: Electron.MessageBoxSyncOptions) => {
        resolve(message)
        return buttons.indexOf(wanted)
      }) as typeof dialog.showMessageBoxSync
      BrowserWindow.getAllWindows()[0]!.close()
    })
  }, button)

test('closing the window during a backup asks first, and cancelling the backup leaves nothing behind', async ctx => {
  const folder = scratchFolder()
  const store = path.join(folder, 'long.npk')
  writeStore(store, [{ name: 'long', shape: [10_000_000, 250] }])
  const explorer = await startExplorer(ctx, { paths: [store] })
  const { page } = explorer
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('Control+b')
  await page.getByRole('progressbar').first().waitFor()

  expect(await closeAndAnswer(explorer, 'Keep Open')).toBe('A job is still running.')
  expect(await page.getByRole('progressbar').count()).toBeGreaterThan(0)
  const exit = once(explorer.app.process(), 'exit')
  expect(await closeAndAnswer(explorer, 'Cancel and Close')).toBe('A job is still running.')
  await exit
  expect(readdirSync(folder)).toEqual(['long.npk'])
})
