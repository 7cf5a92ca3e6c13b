import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { launchChromium } from '../browser/chromium.ts'
import { startHost } from '../browser/host.ts'

export async function inWindow(
  makeStores: (folder: string) => Promise<string[]> | string[],
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-bench-'))
  try {
    const host = await startHost(await makeStores(folder), folder)
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(host.address)
      await work(page)
    } finally {
      await browser.close()
      await host.end()
    }
  } finally {
    removeFolder(folder)
  }
}
