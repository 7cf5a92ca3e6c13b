import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { cellText } from '../expected-text.ts'
import { cell, chooseArray, expectedStores, goToRow, grid } from './explorer.ts'
import { getPackageInfo, pack } from '../../core/packages/index.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const LIBRARY = path.join(FIXTURES, 'library.npkg')

const jobs = (page: Page): Locator => page.getByRole('dialog', { name: 'Jobs' })

const fileTable = (page: Page): Locator => page.getByRole('table', { name: 'Files in the package' })

function sampleIn(folder: string): string {
  const store = path.join(folder, 'mine.npk')
  cpSync(SAMPLE, store, { recursive: true })
  return store
}

async function dropFile(page: Page, file: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'dropped'
    document.body.append(input)
  })
  await page.setInputFiles('#dropped', file)
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#dropped')!
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(input.files![0]!)
    input.remove()
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    }
  })
}

const bytesIn = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map(name => [name, readFileSync(path.join(folder, name))]),
  )

test('one click backs up a store, and only a verified backup is reported as one', async ({ openWindow, scratch }) => {
  const store = sampleIn(scratch)
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await page.getByRole('button', { name: 'Back up' }).click()
  await expect(jobs(page)).toContainText('Backed up and verified: mine.npkg')
  const size = readFileSync(path.join(scratch, 'mine.npkg')).length
  await expect(jobs(page)).toContainText(`${Math.round(size / 1000)} kB`)
  await expect(cell(page, 0, 0)).toBeVisible()

  await jobs(page).getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'mine.npkg' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('main').getByRole('button', { name: 'Unpack…' }).click()
  const target = path.join(scratch, 'copy.npk')
  await page.getByRole('textbox', { name: 'Write the store to' }).fill(target)
  await page.keyboard.press('Enter')
  await expect(jobs(page)).toContainText(`Unpacked to ${target}`)
  expect(bytesIn(target)).toEqual(bytesIn(store))
})

test('the last backup is shown with its size, its age and whether the store has changed since', async ({
  openWindow,
  scratch,
}) => {
  const store = sampleIn(scratch)
  const target = path.join(scratch, 'mine.npkg')
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  const last = (page: Page): Locator => page.getByRole('region', { name: 'Last backup' })
  await expect(last(page)).toHaveCount(0)
  await page.keyboard.press('Control+b')
  await expect(last(page)).toContainText('Verified just now')
  const { packageSize, totalOriginalSize } = await getPackageInfo(target)
  await expect(last(page)).toContainText(`mine.npkg· ${Math.round(packageSize / 1000)} kB`)
  await expect(last(page)).toContainText(`(${((100 * packageSize) / totalOriginalSize).toFixed(1)}%)`)

  const again = await openWindow([store])
  await expect(last(again)).toContainText('Verified')
  await expect(last(again)).not.toContainText('changed')
  {
    using npk = NumPack.open(store)
    npk.drop('labels', [0])
  }
  await expect(last(again)).toContainText('The store has changed since')
  await last(again).getByRole('button', { name: 'mine.npkg' }).click()
  await expect(again.getByRole('heading', { level: 1, name: 'mine.npkg' })).toBeVisible()
  await expect(last(again)).toHaveCount(0)

  rmSync(target)
  const third = await openWindow([store])
  await expect(last(third)).toContainText('The backup file is missing')
  await expect(last(third).getByRole('button')).toBeDisabled()
})

test('a backup never overwrites a file unless the user chooses to replace it', async ({ openWindow, scratch }) => {
  const store = sampleIn(scratch)
  writeFileSync(path.join(scratch, 'mine.npkg'), 'something else')
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('Control+b')
  const field = page.getByRole('textbox', { name: 'Write the package to' })
  await expect(field).toHaveValue(path.join(scratch, 'mine (2).npkg'))
  await expect(page.getByRole('dialog')).toContainText('mine.npkg is there already')
  const start = page.getByRole('dialog').getByRole('button', { name: 'Back up' })
  await field.fill(path.join(scratch, 'mine.npkg'))
  await expect(page.getByRole('checkbox', { name: /replace/i })).toBeVisible()
  await expect(start).toBeDisabled()
  await field.fill(path.join(scratch, 'mine (2).npkg'))
  await expect(start).toBeEnabled()
  await start.click()
  await expect(jobs(page)).toContainText('Backed up and verified: mine (2).npkg')
  expect(readFileSync(path.join(scratch, 'mine.npkg'), 'utf8')).toBe('something else')
})

test('a long backup shows progress, leaves the window usable and can be cancelled without a trace', async ({
  openWindow,
  scratch,
}) => {
  const store = path.join(scratch, 'long.npk')
  // Sparse zeros: no space on disk, but time to read.
  writeStore(store, [{ name: 'long', shape: [10_000_000, 250], rows: { 7: [1.5] } }])
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await page.keyboard.press('Control+b')
  await expect(jobs(page).getByRole('progressbar')).toBeVisible()
  await expect(jobs(page)).toContainText(/[1-9].* of 20\.0 GB · .*\/s · .* left/, { timeout: 30_000 })
  await goToRow(page, '7')
  await expect(cell(page, 7, 0)).toHaveText('1.5')

  const asked = page.waitForEvent('dialog')
  const reloaded = page.reload()
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.accept()
  await reloaded
  await expect(page.getByRole('contentinfo')).toContainText('Backing up long.npk')
  await page.keyboard.press('Control+j')
  await jobs(page).getByRole('button', { name: 'Cancel: Backing up long.npk' }).click()
  await expect(jobs(page)).toContainText('Cancelled')
  expect(readdirSync(scratch).filter(name => name.includes('npkg'))).toEqual([])
  await jobs(page).getByRole('button', { name: 'Dismiss: Backup of long.npk' }).click()
  await expect(jobs(page)).toContainText('Nothing is running')
})

test('the package view lists the contents of a package', async ({ openWindow }) => {
  const page = await openWindow([LIBRARY])
  await expect(page.getByRole('heading', { level: 1, name: 'library.npkg' })).toBeVisible()
  const main = page.getByRole('main')
  await expect(main).toContainText('version 2')
  await expect(main).toContainText('zstd')
  await expect(main).toContainText('900 kB')
  await expect(fileTable(page).getByRole('row')).toHaveCount(9)
  await expect(fileTable(page)).toContainText('data_embeddings.npkd')
  await expect(page.getByRole('figure', { name: 'Space by array' }).getByRole('listitem').first()).toContainText(
    'embeddings',
  )
  await expect(page.getByRole('contentinfo')).toContainText('Package · 8 files')
})

test('the arrays of a package open like those of a store', async ({ openWindow }) => {
  const page = await openWindow([LIBRARY])
  await fileTable(page).getByRole('button', { name: 'embeddings' }).first().click()
  await expect(grid(page)).toBeVisible()
  const embeddings = expectedStores['library.npk']!['embeddings']!
  const shown = embeddings.cells.filter(([index]) => index[1]! <= 4)
  expect(shown.length).toBeGreaterThan(0)
  for (const [[row, column], text] of shown) {
    await goToRow(page, String(row))
    await expect(cell(page, row!, column!)).toHaveText(cellText(text))
  }
  await chooseArray(page, 'timestamp')
  const [[row], text] = expectedStores['library.npk']!['timestamp']!.cells.at(-1)!
  await goToRow(page, String(row))
  await expect(cell(page, row!, 0)).toHaveText(cellText(text))
  await page.keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1, name: 'library.npkg' })).toBeVisible()
})

test('rows of a compressed array appear when they are decompressed', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'deep.npk')
  writeStore(store, [{ name: 'deep', shape: [1_000_000, 100], rows: { 3: [1.5], 999_999: [4.25] } }])
  const page = await openWindow([await pack(store)])
  await chooseArray(page, 'deep')
  await expect(cell(page, 3, 0)).toHaveText('1.5')
  await goToRow(page, '-1')
  await expect(cell(page, 999_999, 0)).toHaveText('4.25', { timeout: 30_000 })
  await expect(page.getByRole('progressbar', { name: 'Decompressing deep' })).toHaveCount(0)
})

test('verifying a package checks every file', async ({ openWindow }) => {
  const page = await openWindow([LIBRARY])
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByRole('main')).toContainText('Whole: 8 files and the checksum are as they were written.')
  await expect(fileTable(page).getByLabel('Whole')).toHaveCount(8)
})

test('verification finds changed content, and the package can still be browsed', async ({ openWindow }) => {
  const page = await openWindow([path.join(FIXTURES, 'damaged/bad-crc.npkg')])
  await expect(fileTable(page)).toBeVisible()
  await page.keyboard.press('v')
  await expect(page.getByRole('main').getByRole('status')).toContainText('Its checksum does not match its content')
  await chooseArray(page, 'none')
  await expect(cell(page, 0, 0)).toBeVisible()
})

test('a truncated package says so and lists the files before the cut', async ({ openWindow, scratch }) => {
  const cut = path.join(scratch, 'cut.npkg')
  copyFileSync(LIBRARY, cut)
  truncateSync(cut, readFileSync(cut).length - 20_000)
  const page = await openWindow([cut])
  await expect(page.getByRole('alert')).toContainText('The package is damaged')
  await expect(fileTable(page)).toContainText('data_embeddings.npkd')
  await expect(page.getByRole('main').getByRole('button', { name: 'Unpack…' })).toBeDisabled()
})

test('a package opens from the folder browser and is listed under recents', async ({ openWindow, home }) => {
  test.skip(process.env['E2E_ELECTRON'] !== undefined, 'the desktop window uses the system dialog')
  cpSync(LIBRARY, path.join(home, 'zebra.npkg'))
  const page = await openWindow([path.join(FIXTURES, 'empty.npk')])
  await expect(page.getByRole('main')).toContainText(/no arrays/i)
  await page.keyboard.press('Alt+p')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('zeb')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'zebra.npkg' })).toBeVisible()
  await page.getByRole('button', { name: 'Recent stores' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'zebra.npkg' })).toContainText('6 arrays')
  expect(existsSync(path.join(home, 'zebra.npk'))).toBe(false)
})

test('dropping a package on the window in a browser asks for its folder and opens it', async ({ openWindow, home }) => {
  mkdirSync(home, { recursive: true })
  const file = path.join(home, 'dropped.npkg')
  copyFileSync(LIBRARY, file)
  const page = await openWindow([path.join(FIXTURES, 'empty.npk')])
  await expect(page.getByRole('main')).toContainText(/no arrays/i)
  await dropFile(page, file)
  if (process.env['E2E_ELECTRON'] === undefined) {
    await expect(page.getByRole('dialog')).toContainText('Browsers hide the path of “dropped.npkg” from the window.')
    await page.keyboard.press('Enter')
  }
  await expect(page.getByRole('heading', { name: 'dropped.npkg' })).toBeVisible()
})
