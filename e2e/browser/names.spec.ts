import { mkdirSync, readdirSync, truncateSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { grid } from './explorer.ts'
import { ROOT } from './host.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, test } from './window.ts'

const OBEYED = '[\\p{Cc}\\u00a0\\u061c\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff\\u{e0000}-\\u{e007f}]'

const HOSTILE = [
  'a\u202egnp.x',
  'zero\u200bwidth',
  '\u2066isolated',
  'line\nbreak',
  'tag\u{e0041}',
  'no\u00a0break',
  'שלום 12',
]
const SHOWN = [
  'a\\u{202e}gnp.x',
  'zero\\u{200b}width',
  '\\u{2066}isolated',
  'line\\u{a}break',
  'tag\\u{e0041}',
  'no\\u{a0}break',
  'שלום 12',
]

const PICTURES = path.join(ROOT, 'test-results/names')

const obeyed = (page: Page): Promise<string[]> =>
  page.evaluate(pattern => {
    const bad = new RegExp(pattern, 'u')
    const found: string[] = bad.test(document.title) ? [`title: ${document.title}`] : []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
      const isCode = (node.parentElement?.closest('code') ?? null) !== null
      if (node.parentNode === document.body && node instanceof Text) continue
      if (node instanceof Text && bad.test(isCode ? node.data.replaceAll('\n', '') : node.data)) found.push(node.data)
      if (!(node instanceof Element)) continue
      for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder', 'alt', 'label'])
        if (bad.test(node.getAttribute(name) ?? '')) found.push(`${name}: ${node.getAttribute(name)}`)
    }
    return found
  }, OBEYED)

test('names with invisible and direction characters are shown escaped wherever the window shows them', async ({
  openWindow,
  scratch,
}) => {
  const store = path.join(scratch, 'st\u202eore.npk')
  writeStore(
    store,
    HOSTILE.map(name => ({ name, shape: [40, 3] as [number, number] })),
  )
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  expect(await page.title()).toBe('st\\u{202e}ore.npk')
  for (const [i, shown] of SHOWN.entries()) {
    await page
      .getByRole('option')
      .filter({ has: page.getByText(shown, { exact: true }) })
      .click()
    await expect(page.getByRole('heading', { level: 1, name: shown, exact: true })).toBeVisible()
    for (const key of i < 2 ? ['2', '3', '4', '5', '1'] : ['5', '1']) {
      await page.keyboard.press(key)
      expect(await obeyed(page), `display ${key} of ${JSON.stringify(HOSTILE[i])}`).toEqual([])
    }
  }
  for (const key of ['Control+k', '!', '?']) {
    await page.keyboard.press(key)
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await obeyed(page), key).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.keyboard.press('Alt+c')
  await expect(page.getByText('Copied', { exact: false }).first()).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(store)
  expect(await obeyed(page), 'notice').toEqual([])
  await page.keyboard.press('Control+b')
  await expect(page.getByText('Backup of st\\u{202e}ore.npk').first()).toBeVisible()
  expect(await obeyed(page), 'job').toEqual([])
  await page.keyboard.press('Alt+r')
  await expect(page.getByText('st\\u{202e}ore.npk', { exact: true }).first()).toBeVisible()
  expect(await obeyed(page), 'recent stores').toEqual([])
})

test('packages, damaged arrays and errors show names with invisible characters escaped', async ({
  openWindow,
  scratch,
}) => {
  const store = path.join(scratch, 'st\u202eore.npk')
  writeStore(
    store,
    HOSTILE.map(name => ({ name, shape: [40, 3] as [number, number] })),
  )
  const first = await openWindow([store])
  await expect(grid(first)).toBeVisible()
  await first.keyboard.press('Control+b')
  await expect(first.getByText('Backup of st\\u{202e}ore.npk').first()).toBeVisible()
  await expect.poll(() => readdirSync(scratch).filter(name => name.endsWith('.npkg'))).toHaveLength(1)
  const packed = path.join(scratch, readdirSync(scratch).find(name => name.endsWith('.npkg'))!)
  truncateSync(path.join(store, `data_${HOSTILE[0]}.npkd`), 7)

  const page = await openWindow([packed, store])
  await expect(page.getByRole('heading', { level: 1 })).toContainText('\\u{202e}')
  await expect(page.getByText('data_a\\u{202e}gnp.x.npkd').first()).toBeVisible()
  expect(await obeyed(page), 'package').toEqual([])
  await page.keyboard.press('u')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await obeyed(page), 'target').toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'st\\u{202e}ore.npk', exact: true }).click()
  await page.keyboard.press('!')
  await expect(page.getByRole('dialog')).toContainText('a\\u{202e}gnp.x')
  expect(await obeyed(page), 'warnings').toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+o')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await obeyed(page), 'folders').toEqual([])
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const [width, height] of [
    [1440, 900],
    [1024, 640],
  ] as const)
    test(`names of every script fit in a ${colorScheme} window of ${width} x ${height}`, async ({
      openWindow,
      scratch,
    }) => {
      const store = path.join(scratch, 'st\u202eore.npk')
      writeStore(
        store,
        HOSTILE.map(name => ({ name, shape: [40, 3] as [number, number] })),
      )
      const page = await openWindow([store, path.join(FIXTURES, 'names.npk')], {
        colorScheme,
        viewport: { width, height },
      })
      await expect(grid(page)).toBeVisible()
      mkdirSync(PICTURES, { recursive: true })
      await page.screenshot({ path: path.join(PICTURES, `hostile-${colorScheme}-${width}.png`) })
      await page.getByRole('tab', { name: 'names.npk' }).click()
      await expect(page.getByText('эмбеддинги', { exact: true }).first()).toBeVisible()
      await page.screenshot({ path: path.join(PICTURES, `names-${colorScheme}-${width}.png`) })
      const isWithin = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
      expect(isWithin).toBe(true)
    })
