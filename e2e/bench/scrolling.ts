import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { fillWithNoise, writeStore } from '../browser/make-store.ts'
import { inWindow } from './window.ts'

/**
 * Frames a second while the wheel turns over cached rows: alone, while figures of 40 GB are worked out, and while a
 * store of 4 GB is backed up and verified: `node e2e/bench/scrolling.ts [SECONDS]`, in a folder with 8 GB of room. Goal: 60.
 */
const seconds = Number(process.argv[2] ?? 5)
const FRAME_MS = 1000 / 60
const ROW_BYTES = 400
function makeStores(folder: string): string[] {
  const [large, full] = ['large.npk', 'full.npk'].map(name => path.join(folder, name)) as [string, string]
  writeStore(large, [{ name: 'x', shape: [100_000_000, ROW_BYTES / 4] }])
  writeStore(full, [{ name: 'x', shape: [10_000_000, ROW_BYTES / 4] }])
  fillWithNoise(path.join(full, 'data_x.npkd'), 10_000_000 * ROW_BYTES)
  return [large, full]
}

interface Frames {
  perSecond: number
  /** The 99th percentile of the time between two frames, and the longest. */
  late: number
  worst: number
}

/** Turns the wheel sixty times a second, and gives the page's frames meanwhile. */
async function turnWheel(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page)
  const box = (await page.getByRole('grid').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const recording = await page.evaluateHandle(() => {
    const times: number[] = []
    const frame = (time: number): void => {
      times.push(time)
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    return times
  })
  const start = performance.now()
  for (let turn = 0; turn < seconds * 60; turn++) {
    const early = start + turn * FRAME_MS - performance.now()
    if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
    await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY: 120 })
  }
  const times = await recording.jsonValue()
  await session.detach()
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  const sorted = gaps.toSorted((a, b) => a - b)
  return {
    perSecond: (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0),
    late: sorted[Math.floor(0.99 * sorted.length)]!,
    worst: sorted.at(-1)!,
  }
}

async function measure(what: string, page: Page): Promise<void> {
  const { perSecond, late, worst } = await turnWheel(page)
  console.log(
    `${what}: ${perSecond.toFixed(1)} frames a second, 99 % within ${late.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
  )
}

const stillThere = async (work: Locator): Promise<string> =>
  (await work.isVisible()) ? 'to the end' : 'not to the end'

await inWindow(makeStores, async page => {
  const statistics = page.getByRole('region', { name: 'Statistics' })
  const job = page.getByRole('contentinfo').getByRole('progressbar')

  /** Ends the work on figures that began with the array. */
  const cancelFigures = (): Promise<void> => statistics.getByRole('button', { name: 'Cancel' }).click()

  await statistics.getByRole('progressbar').waitFor()
  await measure('while figures of 40 GB are worked out, from the first second', page)
  await measure('the same, later', page)
  console.log(`  (${await stillThere(statistics.getByRole('progressbar'))})`)
  await cancelFigures()
  await measure('alone', page)
  await page.getByRole('tab', { name: 'full.npk' }).click()
  await cancelFigures()
  await page.keyboard.press('Control+b')
  await job.waitFor()
  await measure('while 4 GB are backed up', page)
  console.log(`  (${await stillThere(job)})`)
})
