import { cpSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { seedFrom } from '../../core/test-support/seed.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const SEED = seedFrom('RANDOM_USE_SEED')
const STEPS = Number(process.env['RANDOM_USE_STEPS'] ?? 400)
const STEP_MS = 500

const KEYS = (
  'ArrowDown ArrowUp ArrowLeft ArrowRight PageDown PageUp Home End Control+Home Control+End Shift+ArrowDown ' +
  'Shift+ArrowRight Control+a Control+c Tab Shift+Tab 1 2 3 4 5 h s o d a f e x m w n Alt+ArrowDown Alt+ArrowUp [ ] + - 0 / ? ! ' +
  'Control+g Control+k Control+j Escape Enter Space Backspace'
).split(' ')
const TEXTS = ['0', '3', '-1', '99999999', '0, 3-5', '#12', 'abc', '', '1e3', 'x'.repeat(300), '名']
const LEFT_ALONE = /back up|unpack|sample|open|close|folder|remove|recent/i

/** Park and Miller's minimal standard generator. */
function chooser(seed: number): (n: number) => number {
  let state = (seed % 2147483646) + 1
  return n => {
    state = (state * 16807) % 2147483647
    return state % n
  }
}

async function oneOf(choices: Locator, choose: (n: number) => number): Promise<Locator | null> {
  const count = await choices.count()
  return count === 0 ? null : choices.nth(choose(count))
}

const reached = (action: Promise<void>): Promise<void> =>
  action.catch((error: unknown) => {
    if (!(error instanceof Error && /Timeout|detached|not visible/.test(error.message))) throw error
  })

const PRESSABLE = 'button, [role=option], [role=radio], [role=columnheader], [role=tab], [role=separator], select'

async function step(page: Page, choose: (n: number) => number): Promise<string> {
  const { width, height } = page.viewportSize()!
  switch (choose(8)) {
    case 0: {
      const field = await oneOf(page.locator('input[type=text]:visible, input:not([type]):visible'), choose)
      const text = TEXTS[choose(TEXTS.length)]!
      if (field === null) return 'no field'
      await reached(field.fill(text, { timeout: 500 }))
      await page.keyboard.press('Enter')
      return `fill ${text}`
    }
    case 1:
    case 2: {
      const target = await oneOf(page.locator(PRESSABLE).filter({ visible: true, hasNotText: LEFT_ALONE }), choose)
      const name = (await target?.getAttribute('aria-label', { timeout: 500 }).catch(() => null)) ?? ''
      if (target === null || LEFT_ALONE.test(name)) return 'left alone'
      const text = await target.innerText({ timeout: 500 }).catch(() => '')
      await reached(target.click({ timeout: 500, force: true }))
      return `click ${name || text}`
    }
    case 3:
      await page.mouse.move(choose(width), choose(height))
      await page.mouse.wheel(0, (choose(2000) - 1000) * (choose(4) === 0 ? 1000 : 1))
      return 'wheel'
    default: {
      const key = KEYS[choose(KEYS.length)]!
      await page.keyboard.press(key)
      return key
    }
  }
}

test('random keys and clicks break nothing, and the window still answers', async ({ openWindow, scratch }) => {
  test.setTimeout(60_000 + STEPS * STEP_MS)
  console.log(`RANDOM_USE_SEED=${SEED}`)
  const stores = ['dtypes.npk', 'shapes.npk', 'deleted.npk', 'library.npkg'].map(name => path.join(FIXTURES, name))
  const paths = [...stores, SAMPLE].map(from => {
    const to = path.join(scratch, path.basename(from))
    cpSync(from, to, { recursive: true })
    return to
  })
  const page = await openWindow(paths)
  const choose = chooser(SEED)
  const done: string[] = []
  for (let i = 0; i < STEPS; i++) {
    done.push(await step(page, choose))
    const broken = await page.getByText(/could not be drawn|was not expected/).count()
    expect(broken, `RANDOM_USE_SEED=${SEED}, after ${done.slice(-30).join(' · ')}`).toBe(0)
  }
  for (let i = 0; i < 4; i++) await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
})
