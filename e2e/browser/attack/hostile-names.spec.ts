import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { metadataOf } from '../../../core/attack/hostile-records.ts'
import { clickAndDownload } from '../explorer.ts'
import { expect, test } from '../window.ts'
import { HOSTILE_NAMES } from './hostile-names.ts'

const FLOAT32 = 10
const VIEWS = ['1', '2', '3', '4', '5']

function writeHostileStore(folder: string): void {
  mkdirSync(folder)
  const data = Float32Array.from({ length: 60 }, (_, i) => i)
  const records = HOSTILE_NAMES.map((name, i) => {
    writeFileSync(path.join(folder, `data_${i}.npkd`), data)
    const sizes = { lastModified: 1n, sizeBytes: 240n, dtype: FLOAT32, algorithm: 0, blocks: 0 }
    return { name, shape: i % 2 === 1 ? [60n] : [20n, 3n], dataFile: `data_${i}.npkd`, ...sizes }
  })
  writeFileSync(path.join(folder, 'metadata.npkm'), metadataOf(records))
}

const injected = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...('attacked' in window ? ['a script ran'] : []),
    ...Array.from(document.querySelectorAll('[data-attack], script:not([src]), iframe'), element => element.outerHTML),
    ...Array.from(document.querySelectorAll('*'), element => element.getAttributeNames())
      .flat()
      .filter(name => name.startsWith('on')),
  ])

test(`${HOSTILE_NAMES.length} hostile names are shown as plain text in every view`, async ({ openWindow, scratch }) => {
  test.setTimeout(180_000)
  const store = path.join(scratch, 'hostile.npk')
  writeHostileStore(store)
  const page = await openWindow([store])
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const seen = new Set<string>()
  for (const _ of HOSTILE_NAMES) {
    seen.add(await page.getByRole('heading', { level: 1 }).innerText())
    for (const view of VIEWS) {
      await page.keyboard.press(view)
      expect(await injected(page), [...seen].at(-1)).toEqual([])
    }
    await page.keyboard.press('Alt+ArrowDown')
  }
  expect(seen.size).toBeGreaterThan(HOSTILE_NAMES.length / 2)
})

/** Whether the array of this name is readable; the name ends strings or begins elements. */
const isReadable = (name: string): boolean => /^[<"'$]/.test(name) && !/[/\\]/.test(name)

test('hostile names are quoted in generated code', async ({ openWindow, scratch }) => {
  test.skip(spawnSync('python3', ['--version']).error !== undefined, 'there is no python3 to parse the code')
  const store = path.join(scratch, 'hostile.npk')
  writeHostileStore(store)
  const page = await openWindow([store])
  for (const name of HOSTILE_NAMES.filter(isReadable)) {
    await page.getByRole('combobox', { name: 'Filter arrays' }).fill(name)
    await page.getByRole('option').first().click()
    await page.getByRole('radio', { name: 'Info' }).click()
    await page.getByRole('radio', { name: 'Python' }).click()
    await page.getByRole('button', { name: 'Copy the code' }).click()
    const code = await page.evaluate(() => navigator.clipboard.readText())
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: code })
    expect(code, name).toContain('load(')
  }
})

test('hostile names are plain text in saved pictures', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'hostile.npk')
  writeHostileStore(store)
  const page = await openWindow([store])
  await page.getByRole('combobox', { name: 'Filter arrays' }).fill('<img src=x')
  await page.getByRole('option').first().click()
  await page.getByRole('radio', { name: 'Plot', exact: true }).click()
  const svg = (await clickAndDownload(page, 'Save the picture as SVG…')).file.toString()
  expect(svg).toContain('<svg')
  expect(svg).not.toMatch(/<img|<script/i)
})
