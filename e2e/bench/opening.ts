import path from 'node:path'
import type { Page } from '@playwright/test'
import { pack } from '../../core/packages/index.ts'
import { fillWithNoise, writeStore } from '../browser/make-store.ts'
import { inWindow } from './window.ts'

/** Measures the time from a click on a store to its content, page cache warm: `node e2e/bench/opening.ts [ROUNDS]`. */
const rounds = Number(process.argv[2] ?? 15)

const FIRST_CELL = '[role=gridcell][aria-colindex="2"]'
const FIRST_FIGURE = 'section[aria-label=Statistics] dd'

interface Opening {
  what: string
  goalMs: number
  store: string
  button: string
  inside?: string
  drawn: string
}

const OPENINGS: Opening[] = [
  {
    what: 'first rows of the sample store',
    goalMs: 150,
    store: 'sample.npk',
    button: 'Open the sample store',
    drawn: FIRST_CELL,
  },
  { what: 'first figures of 10 GB', goalMs: 150, store: 'large.npk', button: 'large.npk 1 array', drawn: FIRST_FIGURE },
  {
    what: 'first rows of an array of 400 MB in a compressed package',
    goalMs: 300,
    store: 'packed.npkg',
    button: 'packed.npkg 1 array',
    inside: '[role=option]',
    drawn: FIRST_CELL,
  },
]

/** Clicks, then waits until the frame after the last element got its text; returns milliseconds. */
async function timeOf(page: Page, { button, inside, drawn }: Opening): Promise<number> {
  return page.getByRole('button', { name: button }).evaluate(
    (clicked, [inside, drawn]) =>
      new Promise<number>(resolve => {
        const start = performance.now()
        let next = inside
        const look = (): void => {
          const element = document.querySelector<HTMLElement>(next ?? drawn)
          if (next !== null && element !== null) {
            element.click()
            next = null
            requestAnimationFrame(look)
          } else if ((element?.textContent ?? '') === '') requestAnimationFrame(look)
          else requestAnimationFrame(() => resolve(performance.now() - start))
        }
        ;(clicked as HTMLButtonElement).click()
        requestAnimationFrame(look)
      }),
    [inside ?? null, drawn] as const,
  )
}

async function measure(page: Page, opening: Opening): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.getByRole('button', { name: 'Recent stores' }).click()
    times.push(await timeOf(page, opening))
    await page.getByRole('button', { name: `Close ${opening.store}` }).click()
  }
  const { what, goalMs } = opening
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1]!
  const worst = sorted.at(-1)!
  const goal = worst <= goalMs ? 'met each time' : median <= goalMs ? 'met in the median' : 'missed'
  console.log(
    `${what}: the first time ${times[0]!.toFixed(0)} ms, median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${rounds}; goal ${goalMs} ms: ${goal}`,
  )
}

async function makeStores(folder: string): Promise<string[]> {
  const [large, full, packed] = ['large.npk', 'full.npk', 'packed.npkg'].map(name => path.join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeStore(large, [{ name: 'x', shape: [25_000_000, 100] }])
  writeStore(full, [{ name: 'x', shape: [1_000_000, 100] }])
  fillWithNoise(path.join(full, 'data_x.npkd'), 400_000_000)
  await pack(full, packed)
  return ['core/fixtures/stores/empty.npk', large, packed]
}

await inWindow(makeStores, async page => {
  for (const name of ['large.npk', 'packed.npkg']) await page.getByRole('button', { name: `Close ${name}` }).click()
  for (const opening of OPENINGS) await measure(page, opening)
})
