import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { launchChromium } from '../browser/chromium.ts'
import { startHost } from '../browser/host.ts'
import { writeStore } from '../browser/make-store.ts'

/**
 * How long it takes from a click on a store until something of it is drawn, in a window that is already open and with
 * the store in the page cache: `node e2e/bench/opening.ts [ROUNDS]`. The first rows of the sample store, and the first
 * figures of a sparse array of 10 GB.
 */
const GOAL_MS = 150
const rounds = Number(process.argv[2] ?? 15)
const home = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-bench-'))
const large = path.join(home, 'large.npk')
writeStore(large, [{ name: 'x', shape: [25_000_000, 100] }])
const host = await startHost(['core/fixtures/stores/empty.npk', large], home)

const FIRST_CELL = '[role=gridcell][aria-colindex="2"]'
const FIRST_FIGURE = 'section[aria-label=Statistics] dd'

/** Clicks, and waits until the frame after the one in which an element has text. */
async function timeUntil(page: Page, button: string, selector: string): Promise<number> {
  return page.getByRole('button', { name: button }).evaluate(
    (clicked, selector) =>
      new Promise<number>(resolve => {
        const start = performance.now()
        const look = (): void => {
          const text = document.querySelector(selector)?.textContent ?? ''
          if (text === '') requestAnimationFrame(look)
          else requestAnimationFrame(() => resolve(performance.now() - start))
        }
        ;(clicked as HTMLButtonElement).click()
        requestAnimationFrame(look)
      }),
    selector,
  )
}

/** Opens a store again and again, and prints what came of it. */
async function measure(page: Page, what: string, store: string, button: string, selector: string): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.getByRole('button', { name: 'Recent stores' }).click()
    times.push(await timeUntil(page, button, selector))
    await page.getByRole('button', { name: `Close ${store}` }).click()
  }
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1]!
  const worst = sorted.at(-1)!
  const goal = worst <= GOAL_MS ? 'met each time' : median <= GOAL_MS ? 'met in the median' : 'missed'
  console.log(
    `${what}: the first time ${times[0]!.toFixed(0)} ms, median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${rounds}; goal ${GOAL_MS} ms: ${goal}`,
  )
}

const browser = await launchChromium()
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(host.address)
await page.getByRole('button', { name: 'Close large.npk' }).click()
await measure(page, 'first rows of the sample store', 'sample.npk', 'Open the sample store', FIRST_CELL)
await measure(page, 'first figures of 10 GB', 'large.npk', 'large.npk 1 array', FIRST_FIGURE)
await browser.close()
await host.end()
rmSync(home, { recursive: true, force: true })
