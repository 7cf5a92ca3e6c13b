import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base, type Browser, type ElectronApplication, _electron, type Page } from '@playwright/test'
import { launchChromium } from './chromium.ts'
import { homeEnv, ROOT, startHost } from './host.ts'

/** Path of an Electron program: the specs then run against the desktop window instead of the browser host. */
const ELECTRON = process.env['E2E_ELECTRON']

export const FIXTURES = path.join(ROOT, 'core/fixtures/stores')
export const SAMPLE = path.join(ROOT, 'assets/sample.npk')

interface OpenOptions {
  env?: Record<string, string>
  colorScheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
}

interface Fixtures {
  scratch: string
  home: string
  openWindow: (paths?: string[], options?: OpenOptions) => Promise<Page>
  /** Console messages and unhandled errors; a test fails when there are any at its end. */
  consoleMessages: string[]
}

export const test = base.extend<Fixtures, { sharedBrowser: Browser }>({
  sharedBrowser: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const browser = await launchChromium()
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- as above
  scratch: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-e2e-'))
    await use(folder)
    removeFolder(folder)
  },
  home: async ({ scratch }, use) => use(path.join(scratch, 'home')),
  // oxlint-disable-next-line no-empty-pattern -- as above
  consoleMessages: async ({}, use) => {
    const messages: string[] = []
    await use(messages)
    if (messages.length > 0) throw new Error(`the window wrote to the console:\n${messages.join('\n')}`)
  },
  openWindow: async ({ sharedBrowser, home, consoleMessages }, use) => {
    const ends: (() => Promise<unknown>)[] = []
    await use(async (paths = [], { colorScheme = 'light', viewport = { width: 1440, height: 900 }, env = {} } = {}) => {
      const page = ELECTRON
        ? await electronWindow(ELECTRON, paths, home, ends)
        : await browserWindow(sharedBrowser, { colorScheme, viewport }, ends)
      watchConsole(page, consoleMessages)
      if (ELECTRON) return page
      const host = await startHost(paths, home, { env })
      ends.push(host.end)
      await page.goto(host.address)
      return page
    })
    // Close the page before its host; it would report a lost connection.
    for (const end of ends) await end()
  },
})

export { expect } from '@playwright/test'

function watchConsole(page: Page, messages: string[]): void {
  page.on('console', message => messages.push(`${message.type()}: ${message.text()} (${message.location().url})`))
  page.on('pageerror', error => messages.push(`uncaught: ${error.stack ?? error.message}`))
}

async function browserWindow(
  browser: Browser,
  options: Pick<Required<OpenOptions>, 'colorScheme' | 'viewport'>,
  ends: (() => Promise<unknown>)[],
): Promise<Page> {
  const context = await browser.newContext({ ...options, permissions: ['clipboard-read', 'clipboard-write'] })
  ends.push(() => context.close())
  return context.newPage()
}

async function electronWindow(
  program: string,
  paths: string[],
  home: string,
  ends: (() => Promise<unknown>)[],
): Promise<Page> {
  const app: ElectronApplication = await _electron.launch({
    executablePath: program,
    args: [ROOT, ...paths],
    env: homeEnv(home),
  })
  ends.push(() => app.close())
  return app.firstWindow()
}
