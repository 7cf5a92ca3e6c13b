import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { linkFiles } from '../../core/test-support/link-files.ts'
import { cellText } from '../expected-text.ts'
import { cell, chooseArray, expectedStores, goToRow, grid } from './explorer.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const damaged = (name: string): string => path.join(FIXTURES, 'damaged', name)

test('typing in the filter narrows the list of arrays', async ({ openWindow }) => {
  const page = await openWindow([path.join(FIXTURES, 'dtypes.npk')])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('int64')
  await expect(page.getByRole('option')).toHaveCount(4)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('int64')
  await page.getByRole('combobox', { name: 'Filter arrays' }).fill('nothing is called so')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(page.getByRole('navigation', { name: 'Arrays' })).toContainText(/no array/i)
})

test('a damaged array is marked with its reason, and the others work', async ({ openWindow }) => {
  const page = await openWindow([damaged('unknown-dtype.npk')])
  await chooseArray(page, 'a')
  await expect(page.getByRole('main')).toContainText(/unknown dtype/i)
  await chooseArray(page, 'b')
  await expect(cell(page, 0, 0)).toBeVisible()
})

test('an array behind a link is read when the user says so, also after a reload', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'annexed.npk')
  writeStore(store, [{ name: 'annexed', shape: [4, 2], rows: { 0: [1.5, 2.5] } }])
  linkFiles(store, path.join(scratch, 'annex'), name => name.startsWith('data_'))
  const page = await openWindow([store])
  await expect(page.getByRole('main')).toContainText('This array lies behind a symbolic link')
  await page.getByRole('button', { name: /Follow the links of this store/ }).click()
  await expect(cell(page, 0, 0)).toHaveText('1.5')
  await page.reload()
  await expect(cell(page, 0, 1)).toHaveText('2.5')
  await page.keyboard.press('Alt+i')
  await expect(page.getByRole('main')).toContainText('This array lies behind a symbolic link')
})

test('a store behind links offers to follow them', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'annexed.npk')
  writeStore(store, [{ name: 'annexed', shape: [4, 2], rows: { 0: [1.5, 2.5] } }])
  linkFiles(store, path.join(scratch, 'annex'))
  const page = await openWindow([SAMPLE, store])
  await page.getByRole('button', { name: 'Follow the links of this store' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'annexed' })).toBeVisible()
  await expect(cell(page, 0, 0)).toHaveText('1.5')
})

test('an unreadable store is reported in one sentence, and a good store beside it opens', async ({ openWindow }) => {
  const page = await openWindow([damaged('wrong-magic.npk'), SAMPLE])
  await expect(
    page.getByText(/wrong-magic\.npk.*not NumPack metadata|not NumPack metadata.*wrong-magic\.npk/i).first(),
  ).toBeVisible()
  await expect(page.getByRole('tab', { name: 'sample.npk' })).toBeVisible()
})

test('an empty store says that it has no arrays', async ({ openWindow }) => {
  const page = await openWindow([path.join(FIXTURES, 'empty.npk')])
  await expect(page.getByRole('main')).toContainText(/no arrays/i)
  await expect(page.getByRole('heading', { level: 1, name: 'empty.npk' })).toBeVisible()
})

test('the status line counts the open files and drops to none soon after the last read', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  const status = page.getByRole('contentinfo', { name: 'Status' })
  await expect(status).toContainText('1 file open')
  await expect(status).toContainText('No file open', { timeout: 15_000 })
})

test('reopening a recent store returns to its array and row', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'mine.npk')
  cpSync(SAMPLE, store, { recursive: true })
  const first = await openWindow([store])
  await chooseArray(first, 'timestamp')
  await goToRow(first, '3210')
  await expect(cell(first, 3210, 0)).toHaveAttribute('aria-selected', 'true')
  await expect(cell(first, 3210, 0)).toHaveText(/^\d+$/)
  const shown = await cell(first, 3210, 0).textContent()
  await first.getByRole('button', { name: 'Close mine.npk' }).click()
  await expect(first.getByRole('main', { name: 'Welcome' })).toBeVisible()
  await expect(first.getByRole('listitem').filter({ hasText: 'mine.npk' })).toContainText(
    'left at timestamp, row 3,210',
  )

  const second = await openWindow([path.join(FIXTURES, 'empty.npk')])
  await expect(second.getByRole('tab', { name: 'empty.npk' })).toBeVisible()
  await second.getByRole('button', { name: 'Recent stores' }).click()
  await second.getByRole('button', { name: /^mine\.npk/ }).click()
  await expect(second.getByRole('heading', { level: 1, name: 'timestamp' })).toBeVisible()
  await expect(cell(second, 3210, 0)).toHaveText(shown!)
  await expect(cell(second, 3210, 0)).toHaveAttribute('aria-selected', 'true')
})

test('a recent store whose folder is gone is marked as missing and can be removed', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'moved.npk')
  cpSync(SAMPLE, store, { recursive: true })
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await page.getByRole('button', { name: 'Close moved.npk' }).click()
  renameSync(store, path.join(scratch, 'elsewhere.npk'))
  await page.reload()
  await page.getByRole('button', { name: 'Recent stores' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'moved.npk' })).toContainText(/missing/i)
  await page.getByRole('button', { name: 'Remove moved.npk from this list' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'moved.npk' })).toHaveCount(0)
})

test('rows that another program appends appear, and the grid keeps its place', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'growing.npk')
  writeStore(store, [{ name: 'log', shape: [1000, 3], rows: { 500: [1.5, 2.5, 3.5] } }])
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await goToRow(page, '500')
  await expect(cell(page, 500, 1)).toHaveText('2.5')
  writeStore(store, [{ name: 'log', shape: [2000, 3], rows: { 501: [9, 9, 9], 1999: [4.25, 0, 0] } }])
  await expect(page.getByRole('contentinfo')).toContainText('of 2,000')
  await expect(cell(page, 500, 1)).toHaveText('2.5')
  await expect(cell(page, 501, 1)).toHaveText('9.0')
  await expect(cell(page, 500, 0)).toHaveAttribute('aria-selected', 'true')
  await goToRow(page, '-1')
  await expect(cell(page, 1999, 0)).toHaveText('4.25')
})

test('values that another program writes through a memory map appear, in the statistics too', async ({
  openWindow,
  scratch,
}) => {
  const interpreter = process.env['NUMPACK_PYTHON']
  test.skip(interpreter === undefined, 'no Python here: set NUMPACK_PYTHON to one')
  const store = path.join(scratch, 'mapped.npk')
  writeStore(store, [{ name: 'a', shape: [1000, 2], rows: { 0: [1, 2] } }])
  const page = await openWindow([store])
  await expect(cell(page, 0, 0)).toHaveText('1.0')
  const script = path.join(import.meta.dirname, 'map-writer.py')
  const writer = spawn(interpreter!, [script, path.join(store, 'data_a.npkd')], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  try {
    for (const value of [5, 6, 7]) {
      writer.stdin.write(`${value}\n`)
      await expect(cell(page, 0, 0)).toHaveText(`${value}.0`, { timeout: 30_000 })
      await expect(page.getByRole('region', { name: 'Statistics' })).toContainText(`Max${value}.0`, { timeout: 30_000 })
    }
  } finally {
    writer.kill()
  }
})

test('a store that vanishes is reported and works again when it is back', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'coming-and-going.npk')
  writeStore(store, [{ name: 'a', shape: [10, 2], rows: { 0: [1, 2] } }])
  const page = await openWindow([store])
  await expect(cell(page, 0, 1)).toHaveText('2.0')
  renameSync(store, path.join(scratch, 'away.npk'))
  await expect(page.getByRole('alert')).toContainText('coming-and-going.npk')
  renameSync(path.join(scratch, 'away.npk'), store)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(cell(page, 0, 1)).toHaveText('2.0')
})

test('the folder browser opens a folder by keyboard alone', async ({ openWindow, home }) => {
  test.skip(process.env['E2E_ELECTRON'] !== undefined, 'the desktop window uses the system dialog')
  mkdirSync(home, { recursive: true })
  cpSync(SAMPLE, path.join(home, 'zebra.npk'), { recursive: true })
  const page = await openWindow([path.join(FIXTURES, 'empty.npk')])
  await expect(page.getByRole('main')).toContainText(/no arrays/i)
  await page.keyboard.press('Control+o')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('zeb')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'zebra.npk' })).toBeVisible()
  const [[row, column], text] = expectedStores['library.npk']!['embeddings']!.cells[0]!
  await expect(cell(page, row!, column!)).toHaveText(cellText(text))
})

test('the palette takes text that is typed right after it first opens', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await expect(cell(page, 0, 0)).toBeVisible()
  const dialogs = () =>
    page.evaluate(
      () => performance.getEntriesByType('resource').find(({ name }) => /\/dialogs-[^/]*\.js$/.test(name))?.name ?? '',
    )
  await expect.poll(dialogs).not.toBe('')
  // The script is loaded but has not run yet.
  await page.evaluate(
    async script => {
      await import(script)
      await new Promise(requestAnimationFrame)
    },
    await dialogs(),
  )
  await page.keyboard.press('Control+k')
  await page.keyboard.type('shade')
  await expect(page.getByRole('combobox', { name: 'Commands' })).toHaveValue('shade')
})

test('every command is in the palette and works from there', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /command/i }).fill('show deleted')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('radio', { name: 'Show' })).toBeChecked()
})

test('panels that a key hides stay hidden in the next window', async ({ openWindow }) => {
  const first = await openWindow([SAMPLE])
  await expect(first.getByRole('navigation', { name: 'Arrays' })).toBeVisible()
  await first.getByRole('button', { name: 'Arrays panel' }).click()
  await expect(first.getByRole('navigation', { name: 'Arrays' })).toBeHidden()
  const second = await openWindow([SAMPLE])
  await expect(grid(second)).toBeVisible()
  await expect(second.getByRole('navigation', { name: 'Arrays' })).toBeHidden()
})

test('a store on the command line is opened once', async ({ openWindow, scratch }) => {
  test.skip(process.env['E2E_ELECTRON'] !== undefined, 'this is about the browser host and its launcher')
  const store = path.join(scratch, 'given.npk')
  cpSync(SAMPLE, store, { recursive: true })
  const log = path.join(scratch, 'opened')
  const preload = path.join(import.meta.dirname, 'log-opened.cjs')
  const env = { OPENED_FILES: log, NODE_OPTIONS: `--require=${preload}` }
  const page = await openWindow([store], { env })
  await expect(grid(page)).toBeVisible()
  const opened = readFileSync(log, 'utf8').trimEnd().split('\n')
  expect(opened).toEqual([path.join(store, 'metadata.npkm')])
})
