import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { freemem } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { fillWithNoise, writeStore } from '../browser/make-store.ts'
import { inWindow } from './window.ts'

/**
 * Measures frames per second while the wheel turns over cached rows, during statistics, alone, and during the backup of
 * a 4 GB store: `node e2e/bench/scrolling.ts [SECONDS]`. Goal: 60. Also prints the time in which the host of a virtual
 * machine withheld its processors: no frame is drawn then.
 */
const seconds = Number(process.argv[2] ?? 5)
const FRAME_MS = 1000 / 60
const ROW_BYTES = 400
const CACHED_SHARE = 0.6
const MOST_ROWS = 100_000_000

function makeStores(folder: string): string[] {
  const [large, full] = ['large.npk', 'full.npk'].map(name => path.join(folder, name)) as [string, string]
  const rows = Math.min(MOST_ROWS, Math.floor((CACHED_SHARE * freemem()) / ROW_BYTES))
  writeStore(full, [{ name: 'x', shape: [10_000_000, ROW_BYTES / 4] }])
  fillWithNoise(path.join(full, 'data_x.npkd'), 10_000_000 * ROW_BYTES)
  writeStore(large, [{ name: 'x', shape: [rows, ROW_BYTES / 4] }])
  readThrough(path.join(large, 'data_x.npkd'))
  return [large, full]
}

function readThrough(file: string): void {
  const descriptor = openSync(file, 'r')
  const chunk = new Uint8Array(2 ** 24)
  while (readSync(descriptor, chunk) > 0);
  closeSync(descriptor)
}

interface Frames {
  perSecond: number
  /** 99th percentile and maximum of the time between two frames, milliseconds. */
  late: number
  worst: number
  stolen: number
}

/** Returns the milliseconds that the virtual machine waited for its processors ("steal", proc_stat(5)). */
function stolenSoFar(): number {
  if (!existsSync('/proc/stat')) return 0
  const ticks = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.split(/\s+/)[8]
  return Number(ticks) * 10
}

async function turnWheel(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page)
  const box = (await page.getByRole('grid').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const recording = await page.evaluateHandle(() => {
    const recorded = { times: [] as number[], request: 0 }
    const frame = (time: number): void => {
      recorded.times.push(time)
      recorded.request = requestAnimationFrame(frame)
    }
    recorded.request = requestAnimationFrame(frame)
    return recorded
  })
  const stolenBefore = stolenSoFar()
  const start = performance.now()
  for (let turn = 0; turn < seconds * 60; turn++) {
    const early = start + turn * FRAME_MS - performance.now()
    if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
    await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY: 120 })
  }
  const { times } = await recording.evaluate(recorded => {
    cancelAnimationFrame(recorded.request)
    return recorded
  })
  await session.detach()
  const gaps = times.slice(1).map((time, i) => time - times[i]!)
  const sorted = gaps.toSorted((a, b) => a - b)
  return {
    perSecond: (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0),
    late: sorted[Math.floor(0.99 * sorted.length)]!,
    worst: sorted.at(-1)!,
    stolen: stolenSoFar() - stolenBefore,
  }
}

async function measure(what: string, page: Page): Promise<void> {
  const { perSecond, late, worst, stolen } = await turnWheel(page)
  console.log(
    `${what}: ${perSecond.toFixed(1)} frames a second, 99 % within ${late.toFixed(1)} ms, worst ${worst.toFixed(1)} ms` +
      (stolen > 0 ? `; the host took ${stolen} ms` : ''),
  )
}

const stillThere = async (work: Locator): Promise<string> =>
  (await work.isVisible()) ? 'to the end' : 'not to the end'

await inWindow(makeStores, async page => {
  const statistics = page.getByRole('region', { name: 'Statistics' })
  const job = page.getByRole('contentinfo').getByRole('progressbar')

  const cancelFigures = (): Promise<void> => statistics.getByRole('button', { name: 'Cancel' }).click()

  await statistics.getByRole('progressbar').waitFor()
  await measure('while figures are worked out, from the first second', page)
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
