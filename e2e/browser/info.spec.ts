import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { chooseArray, expectedStores, grid } from './explorer.ts'
import { ROOT } from './host.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const info = (page: Page) => page.getByRole('region', { name: 'Info' })

const code = async (page: Page, language: 'Python' | 'TypeScript'): Promise<string> => {
  await page.getByRole('radio', { name: language }).click()
  await page.getByRole('button', { name: 'Copy the code' }).click()
  await expect(page.getByText(`Copied the ${language} code`)).toBeVisible()
  return page.evaluate(() => navigator.clipboard.readText())
}

const sizes = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, minimumSignificantDigits: 3 })
const sizeText = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : `${sizes.format(bytes / 1000)} kB`)

test('the info view describes an array and lists its files', async ({ openWindow }) => {
  const store = path.join(FIXTURES, 'segmented.npk')
  const page = await openWindow([store])
  await chooseArray(page, 'big')
  await page.keyboard.press('5')
  const { dtype, physicalRows, shape, deletedRows } = expectedStores['segmented.npk']!['big']!
  await expect(info(page)).toContainText(`Type${dtype}, 8 bytes an element`)
  await expect(info(page)).toContainText(`Shape${shape[0]!.toLocaleString('en')} × ${shape[1]}`)
  await expect(info(page)).toContainText(`Shape on disk${physicalRows.toLocaleString('en')} × ${shape[1]}`)
  await expect(info(page)).toContainText(`Deleted rows${deletedRows!.length} of`)
  const file = (name: string, content: string): string[] => [
    name,
    content,
    sizeText(statSync(path.join(store, name)).size),
  ]
  await expect(info(page).getByRole('cell')).toHaveText([
    ...file('data_big.npkseg', 'Segment list'),
    ...[0, 1, 2, 3].flatMap(number => file(`data_big_segments/seg_00000${number}.npkd`, 'Segment')),
    ...file('deleted_big.npkb', 'Bitmap of deleted rows'),
  ])
  await page.keyboard.press('1')
  await expect(grid(page)).toBeVisible()
})

test("the info view of a damaged array says why it can't be read and which file is missing", async ({
  openWindow,
  scratch,
}) => {
  const store = path.join(scratch, 'broken.npk')
  cpSync(path.join(FIXTURES, 'deleted.npk'), store, { recursive: true })
  rmSync(path.join(store, 'data_random.npkd'))
  const page = await openWindow([store])
  await chooseArray(page, 'random')
  await page.getByRole('radio', { name: 'Info' }).click()
  await expect(page.getByRole('region', { name: 'Warnings' })).toContainText(/data_random\.npkd/)
  await expect(page.getByRole('row', { name: 'data_random.npkd' })).toContainText('missing')
})

test('the chosen code language is kept for the next window', async ({ openWindow }) => {
  for (const chosen of ['TypeScript', 'Python'] as const) {
    const page = await openWindow([SAMPLE])
    await page.getByRole('radio', { name: 'Info' }).click()
    await page.getByRole('radio', { name: chosen }).click()
    const next = await openWindow([SAMPLE])
    await next.getByRole('radio', { name: 'Info' }).click()
    await expect(next.getByRole('radio', { name: chosen })).toBeChecked()
  }
})

for (const [kind, name] of [
  ['a store', 'deleted.npk'],
  ['a package', 'deleted-v2-raw.npkg'],
] as const) {
  test(`the generated ${kind} code reads the array`, async ({ openWindow, scratch }) => {
    const source = path.join(scratch, `it's "copied" ${name}`)
    cpSync(path.join(FIXTURES, name), source, { recursive: true })
    const page = await openWindow([source])
    await chooseArray(page, 'random')
    await page.keyboard.press('5')
    const { shape, cells } = expectedStores['deleted.npk']!['random']!
    const first = cells.filter(([[row]]) => row === 0).map(([, text]) => String(text))

    const typescript = await code(page, 'TypeScript')
    const program = ['--input-type=module', '-e', typescript]
    const run = execFileSync(process.execPath, program, {
      cwd: ROOT,
      env: { ...process.env, FORCE_COLOR: '0' },
      encoding: 'utf8',
    })
    expect(run).toContain(`${shape[0]}, ${shape[1]}`)
    for (const text of first) expect(run).toContain(text)

    const interpreter = process.env['NUMPACK_PYTHON']
    test.skip(interpreter === undefined, 'no NumPack here: set NUMPACK_PYTHON to a Python that has it')
    const python = await code(page, 'Python')
    const said = execFileSync(interpreter!, ['-c', python], { cwd: scratch, encoding: 'utf8' })
    expect(said).toContain(`(${shape[0]}, ${shape[1]})`)
    for (const text of first) expect(said).toContain(text)
  })
}
