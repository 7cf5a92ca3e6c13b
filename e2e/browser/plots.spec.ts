import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { cellText } from '../expected-text.ts'
import { cell, chooseArray, clickAndDownload, expectedStores, grid, showView } from './explorer.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const SHAPES = path.join(FIXTURES, 'shapes.npk')

const looksOf = (page: Page, file: Buffer, type: string) =>
  page.evaluate(
    async ([base64, type]) => {
      const picture = new Image()
      picture.src = `data:${type};base64,${base64}`
      await picture.decode()
      const canvas = document.createElement('canvas')
      canvas.width = picture.width
      canvas.height = picture.height
      const context = canvas.getContext('2d')!
      context.drawImage(picture, 0, 0)
      const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)
      const counts = new Map<number, number>()
      for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
      return { width: picture.width, colours: counts.size, drawn: 1 - Math.max(...counts.values()) / pixels.length }
    },
    [file.toString('base64'), type] as const,
  )

test('columns from a typed list are plotted as lines, and the plot is saved as PNG and SVG', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await showView(page, 'Plot')
  const plot = page.getByRole('img', { name: /1 column of embeddings as lines over 3,750 rows/ })
  await expect(plot).toBeVisible()
  const field = page.getByRole('textbox', { name: /^Columns/ })
  await field.fill('0, 60')
  await field.press('Enter')
  await expect(page.getByRole('alert')).toContainText('0 to 47')
  await field.fill('0, 3-5')
  await field.press('Enter')
  await expect(page.getByRole('img', { name: /4 columns of embeddings/ })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'each run of 2' })).toBeVisible()

  const png = await clickAndDownload(page, 'Save the picture as PNG…')
  expect(png.name).toBe('embeddings columns 0, 3-5.png')
  const looks = await looksOf(page, png.file, 'image/png')
  expect(looks.width).toBeGreaterThan(600)
  expect(looks.drawn).toBeGreaterThan(0.1)
  const svg = await clickAndDownload(page, 'Save the picture as SVG…')
  expect(svg.file.toString()).toMatch(/^<svg/)
  expect((await looksOf(page, svg.file, 'image/svg+xml')).drawn).toBeGreaterThan(0.1)
})

test('switching from several columns to one row removes the old lines', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'thumbnail')
  await showView(page, 'Plot')
  await expect(page.getByRole('img', { name: /3 columns of thumbnail as lines over 40 rows/ })).toBeVisible()
  const note = page.getByRole('status').filter({ hasText: 'every value drawn' })
  await expect(note).toContainText('40 rows')
  await page.getByRole('radio', { name: 'Rows', exact: true }).click()
  await expect(page.getByRole('img', { name: /1 row of thumbnail as lines over 3 columns/ })).toBeVisible()
  await expect(note).toContainText('3 columns')
})

test('lines can be removed while the pointer reads their values', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'thumbnail')
  await showView(page, 'Plot')
  const three = page.getByRole('img', { name: /3 columns of thumbnail/ })
  const { x, y, width, height } = (await three.boundingBox())!
  await expect(page.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.move(x + width / 2 + 5, y + height / 2)
  const field = page.getByRole('textbox', { name: /^Columns/ })
  await field.fill('0')
  await field.press('Enter')
  await expect(page.getByRole('img', { name: /1 column of thumbnail/ })).toBeVisible()
  await page.mouse.move(x + width / 2, y + height / 2)
  await expect(page.getByRole('status').filter({ hasText: 'every value drawn' })).toBeVisible()
})

test('a view that fails to draw shows an error, and the other views go on working', async ({
  openWindow,
  consoleMessages,
}) => {
  test.skip(process.env['E2E_ELECTRON'] !== undefined, 'only a page served over HTTP can be refused a file')
  const page = await openWindow([SAMPLE])
  await page.route(/plot-pane/, route => route.abort())
  await page.reload()
  await chooseArray(page, 'score')
  await showView(page, 'Plot')
  await expect(page.getByText('This view could not be drawn')).toBeVisible()
  await showView(page, 'Grid')
  await expect(grid(page)).toBeVisible()
  expect(consoleMessages.splice(0).join()).toContain('plot-pane')
})

test('a plot can be copied, zoomed and panned with keys, and leads to the cell of a point', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'score')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('2')
  const plot = page.getByRole('img', { name: /score as lines/ })
  await expect(plot).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'each run of 2' })).toBeVisible()
  await page.keyboard.press('p')
  await expect(page.getByText('Copied the picture')).toBeVisible()
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    return Array.from(new Uint8Array(await (await item!.getType('image/png')).arrayBuffer()))
  })
  const before = await looksOf(page, Buffer.from(copied), 'image/png')
  expect(before.drawn).toBeGreaterThan(0.05)

  for (let times = 0; times < 4; times++) await page.keyboard.press('+')
  await expect(page.getByRole('status').filter({ hasText: 'every value in view drawn' })).toBeVisible()
  await plot.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('0')
  const box = (await plot.boundingBox())!
  await page.mouse.dblclick(box.x + box.width * 0.5, box.y + box.height * 0.5)
  await expect(grid(page)).toBeVisible()
  await expect
    .poll(async () => {
      const row = await page.getByRole('textbox', { name: /^Row/ }).inputValue()
      const number = Number(row.replaceAll(',', ''))
      return number > 1600 && number < 2400
    })
    .toBe(true)
})

test('a scatter plot shows rows as points of two columns', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await showView(page, 'Plot')
  await page.getByRole('radio', { name: 'Scatter' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'All 3,750 rows' })).toBeVisible()
  await page.getByRole('spinbutton', { name: 'Column of the y axis' }).fill('7')
  await expect(page.getByRole('img', { name: /points of columns 0 and 7/ })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'All 3,750 rows' })).toBeVisible()
  const { file } = await clickAndDownload(page, 'Save the picture as PNG…')
  expect((await looksOf(page, file, 'image/png')).drawn).toBeGreaterThan(0.02)
})

test('a plot of two million rows shows a single peak at its row', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'long.npk')
  writeStore(store, [{ name: 'log', shape: [2_000_000, 2], rows: { 1_234_567: [0, 5] } }])
  const page = await openWindow([store])
  await expect(grid(page)).toBeVisible()
  await showView(page, 'Plot')
  await expect(page.getByRole('status').filter({ hasText: '2,000,000 rows · each run of' })).toBeVisible()
  const svg = await clickAndDownload(page, 'Save the picture as SVG…')
  // One of the two lines is flat; the other goes up and down once.
  const ys = [...svg.file.toString().matchAll(/<path d="(M[^"]*)" fill="none"/g)].map(([, d]) =>
    (d!.match(/-?[\d.]+ -?[\d.]+/g) ?? []).map(point => Number(point.split(' ')[1])),
  )
  const peaks = ys.filter(line => line.length > 100).map(line => line.filter(y => y < Math.max(...line) - 100).length)
  expect(peaks.filter(count => count > 0)).toEqual([1])
})

test('a colour image shows the values under the pointer and steps through the array', async ({ openWindow }) => {
  const page = await openWindow([SHAPES])
  await chooseArray(page, 'image_rgb')
  await showView(page, 'Image')
  const picture = page.getByRole('img', { name: 'image_rgb as an image, 32 × 24' })
  await expect(picture).toBeVisible()
  const box = (await picture.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const note = page.getByRole('status').filter({ hasText: /\[\d+, \d+\] {2}\d+ \d+ \d+/ })
  await expect(note).toBeVisible()
  const file = readFileSync(path.join(SHAPES, 'data_image_rgb.npkd'))
  const valuesAt = (n: number, y: number, x: number) => [...file.subarray(((n * 32 + y) * 24 + x) * 3).subarray(0, 3)]
  const shown = async () => {
    const [, y, x, ...rgb] = /\[(\d+), (\d+)\] {2}(\d+) (\d+) (\d+)/.exec((await note.textContent())!)!.map(Number)
    return { y: y!, x: x!, rgb }
  }
  const first = await shown()
  expect(first.rgb).toEqual(valuesAt(0, first.y, first.x))
  await picture.press('+')
  await picture.press('+')
  await picture.press('ArrowRight')
  await expect.poll(async () => (await shown()).x).toBeGreaterThan(first.x)
  const moved = await shown()
  expect(moved.rgb).toEqual(valuesAt(0, moved.y, moved.x))
  await picture.press('0')
  await expect.poll(shown).toEqual(first)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press(']')
  await expect(page.getByRole('spinbutton', { name: 'Axis 0' })).toHaveValue('1')
  await page.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2)
  await expect.poll(shown).toEqual({ ...first, rgb: valuesAt(1, first.y, first.x) })
  const { file: png } = await clickAndDownload(page, 'Save the picture as PNG…')
  expect((await looksOf(page, png, 'image/png')).colours).toBeGreaterThan(200)
})

test('the channels of an image can be shown one by one', async ({ openWindow }) => {
  const page = await openWindow([SHAPES])
  await chooseArray(page, 'image_rgb')
  await showView(page, 'Image')
  const colours = page.getByRole('combobox', { name: 'Colours' })
  await expect(colours.getByRole('option', { selected: true })).toHaveText('RGB, axis 3')
  await colours.selectOption('Grey')
  await page.getByRole('spinbutton', { name: 'Axis 3' }).fill('2')
  await page.getByRole('spinbutton', { name: 'Axis 3' }).press('Enter')
  const picture = page.getByRole('img', { name: 'image_rgb as an image, 32 × 24' })
  const box = (await picture.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const file = readFileSync(path.join(SHAPES, 'data_image_rgb.npkd'))
  const note = page.getByRole('status')
  await expect
    .poll(async () => {
      const [, y, x, value] = /\[(\d+), (\d+)\] {2}(\d+)$/.exec((await note.textContent())!)?.map(Number) ?? []
      return value === file[(y! * 24 + x!) * 3 + 2]
    })
    .toBe(true)
  await colours.selectOption('RGB, axis 3')
  await expect(page.getByRole('spinbutton', { name: 'Axis 3' })).toBeHidden()
  await expect(note).toContainText(/\] {2}\d+ \d+ \d+/)
})

test('numbers are shown as an image with colour maps and ranges, and a double click goes to the cell', async ({
  openWindow,
}) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await showView(page, 'Image')
  const picture = page.getByRole('img', { name: 'embeddings as an image, 3,750 × 48' })
  await expect(picture).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /8\.853|8\.94/ })).toBeVisible()
  for (const map of ['magma', 'grey', 'diverging']) {
    await page.getByRole('combobox', { name: 'Colours' }).selectOption(map)
    const { file } = await clickAndDownload(page, 'Save the picture as PNG…')
    expect((await looksOf(page, file, 'image/png')).colours).toBeGreaterThan(50)
  }
  await page.getByRole('combobox', { name: 'Range' }).selectOption('manual')
  await page.getByRole('spinbutton', { name: 'Value of the last colour' }).fill('2')
  await expect(page.getByRole('status').filter({ hasText: /^.*2/ })).toBeVisible()

  const box = (await picture.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.wheel(0, -2000)
  const note = page.getByRole('status')
  await expect(note).toContainText(/every element\[[\d,]+, \d+\] {2}\S/)
  const [row, column] = /\[([\d,]+), ([\d,]+)\]/
    .exec((await note.textContent())!)!
    .slice(1)
    .map(text => Number(text.replaceAll(',', '')))
  await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2)
  await expect(cell(page, row!, column!)).toHaveAttribute('aria-selected', 'true')
})

test('an array without an image stays in the grid and keeps its place', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const { cells } = expectedStores['library.npk']!['embeddings']!
  const [[row, column], text] = cells.find(([at]) => at[0]! > 100 && at[1]! < 5) ?? cells[0]!
  await page.keyboard.press('Control+g')
  await page.keyboard.type(String(row))
  await page.keyboard.press('Enter')
  await expect(cell(page, row!, column!)).toHaveText(cellText(text))
  await showView(page, 'Image')
  await chooseArray(page, 'score')
  await expect(grid(page)).toBeVisible()
  await chooseArray(page, 'embeddings')
  await expect(page.getByRole('img', { name: /embeddings as an image/ })).toBeVisible()
  await showView(page, 'Grid')
  await expect(cell(page, row!, column!)).toHaveText(cellText(text))
})
