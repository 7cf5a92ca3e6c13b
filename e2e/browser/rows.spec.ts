import path from 'node:path'
import { cellText, copiedText } from '../expected-text.ts'
import { cell, chooseArray, expectedStores, goToRow, grid, rowHeader } from './explorer.ts'
import { writeStore } from './make-store.ts'
import { expect, FIXTURES, SAMPLE, test } from './window.ts'

const fixture = (name: string): string => path.join(FIXTURES, name)

test('without arguments the window shows the rows of the sample store', async ({ openWindow }) => {
  const page = await openWindow()
  await expect(page.getByRole('tab', { name: 'sample.npk' })).toBeVisible()
  for (const [[row, column], text] of expectedStores['library.npk']!['embeddings']!.cells.slice(0, 5)) {
    await expect(cell(page, row!, column!)).toHaveText(cellText(text))
  }
})

for (const store of ['dtypes.npk', 'shapes.npk', 'names.npk', 'segmented.npk']) {
  test(`every array of ${store} shows the elements that NumPy shows`, async ({ openWindow }) => {
    test.slow()
    const page = await openWindow([fixture(store)])
    for (const [name, { shape, cells }] of Object.entries(expectedStores[store]!)) {
      await chooseArray(page, name)
      if (shape.includes(0)) {
        await expect(page.getByRole('main')).toContainText(/no rows|no columns|no elements|empty/i)
        continue
      }
      const shown = cells.filter(([index]) => index.slice(1, -1).every(i => i === 0))
      for (const [index, text] of shown.filter((_, i) => i % 6 === 0)) {
        const row = index[0]!
        const column = shape.length > 1 ? index.at(-1)! : 0
        if (column > 4) continue
        await goToRow(page, String(row))
        for (let step = 0; step < column; step++) await page.keyboard.press('ArrowRight')
        await expect(cell(page, row, column)).toHaveText(cellText(text))
      }
    }
  })
}

test('Ctrl+A selects the cells and no other text in the window', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const marked = () => page.evaluate(() => getSelection()?.toString())
  await page.getByRole('option', { name: /^embeddings/ }).focus()
  await page.keyboard.press('Control+a')
  expect(await marked()).toBe('')
  await grid(page).focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByText('180,000 cells').first()).toBeVisible()
  expect(await marked()).toBe('')
})

test('End goes to the last of 5,001 columns, Ctrl+End to the last row', async ({ openWindow }) => {
  const page = await openWindow([fixture('shapes.npk')])
  await chooseArray(page, 'wide')
  await cell(page, 0, 0).click()
  await page.keyboard.press('End')
  const last = expectedStores['shapes.npk']!['wide']!.cells.find(([index]) => index[1] === 5000)
  await expect(cell(page, last?.[0][0] ?? 0, 5000)).toBeVisible()
  if (last) await expect(cell(page, last[0][0]!, 5000)).toHaveText(cellText(last[1]))
  await page.keyboard.press('Control+End')
  await expect(cell(page, 2, 5000)).toHaveAttribute('aria-selected', 'true')
})

test('cells align with their column headers wherever the grid is scrolled', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await cell(page, 0, 0).click()
  const placesOf = (role: 'columnheader' | 'gridcell') =>
    grid(page)
      .getByRole(role)
      .evaluateAll(nodes =>
        nodes.map(node => ({
          row: node.parentElement!.getAttribute('aria-rowindex'),
          column: Number(node.getAttribute('aria-colindex')),
          end: node.getBoundingClientRect().right,
        })),
      )
  for (const steps of [0, 30, -12]) {
    const key = steps > 0 ? 'ArrowRight' : 'ArrowLeft'
    for (let step = 0; step < Math.abs(steps); step++) await page.keyboard.press(key)
    await expect(grid(page).getByRole('gridcell', { selected: true })).toBeVisible()
    const ends = new Map((await placesOf('columnheader')).map(({ column, end }) => [column, end]))
    const cells = await placesOf('gridcell')
    expect(cells.length).toBeGreaterThan(100)
    for (const [at, { row, column, end }] of cells.entries()) {
      expect(Math.abs(end - ends.get(column)!)).toBeLessThan(0.5)
      if (at > 0 && row === cells[at - 1]!.row) expect(column).toBe(cells[at - 1]!.column + 1)
    }
  }
})

test('a wheel turn scrolls by exactly its pixels and stops at the last row', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'labels')
  await expect(cell(page, 0, 0)).toBeVisible()
  await grid(page).hover()
  await page.mouse.wheel(0, 24 * 1000)
  const labels = expectedStores['library.npk']!['labels']!
  await expect(cell(page, 1000, 0)).toBeVisible()
  await expect(cell(page, 999, 0)).toBeHidden()
  await page.mouse.wheel(0, 24 * 10_000)
  const [index, text] = labels.cells.at(-1)!
  await expect(cell(page, index[0]!, 0)).toHaveText(cellText(text))
  await expect(cell(page, labels.shape[0]! - 1, 0)).toBeVisible()
})

test('the first and the last of a thousand million rows are reached exactly', async ({ openWindow, scratch }) => {
  const store = path.join(scratch, 'huge.npk')
  const last = 999_999_999
  writeStore(store, [
    {
      name: 'huge',
      shape: [last + 1, 4],
      rows: { 0: [1, 2, 3, 4], 618_033_988: [0.5, 0.25, -0.125, 7], [last]: [5, 6, 7, 8.5] },
    },
  ])
  const page = await openWindow([store])
  await expect(cell(page, 0, 1)).toHaveText('2.0')
  await cell(page, 0, 0).click()
  await page.keyboard.press('Control+End')
  await expect(cell(page, last, 3)).toHaveText('8.5')
  await expect(rowHeader(page, last)).toHaveText('999,999,999')
  await goToRow(page, '618,033,988')
  await expect(cell(page, 618_033_988, 1)).toHaveText('0.25')
  await page.keyboard.press('ArrowUp')
  await expect(cell(page, 618_033_987, 0)).toHaveText('0.0')
  await page.keyboard.press('Control+Home')
  await expect(cell(page, 0, 0)).toHaveText('1.0')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(last + 2))
})

test('deleted rows can be hidden, shown among the others or shown alone', async ({ openWindow }) => {
  const page = await openWindow([fixture('deleted.npk')])
  const { shape, deletedRows, physicalRows } = expectedStores['deleted.npk']!['across_words']!
  await chooseArray(page, 'across_words')
  const firstDeleted = deletedRows![0]!
  await goToRow(page, String(firstDeleted))
  await expect(rowHeader(page, firstDeleted)).toHaveText(`${firstDeleted} ${firstDeleted + deletedRows!.length}`)
  await expect(page.getByRole('contentinfo')).toContainText(`of ${shape[0]} active`)
  await expect(page.getByRole('contentinfo')).toContainText(`${deletedRows!.length} deleted`)

  await page.keyboard.press('s')
  await expect(page.getByRole('radio', { name: 'Show' })).toBeChecked()
  await goToRow(page, `#${firstDeleted}`)
  await expect(rowHeader(page, firstDeleted)).toHaveText(`deleted ${firstDeleted}`)
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(physicalRows + 1))

  await page.keyboard.press('o')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(deletedRows!.length + 1))
  await page.keyboard.press('h')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(shape[0]! + 1))
})

test('Ctrl+C copies the selected cells as tab-separated text', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  const { cells } = expectedStores['library.npk']!['embeddings']!
  await cell(page, 0, 0).click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Control+c')
  const expected = [0, 1, 2]
    .map(column => copiedText(cells.find(([at]) => at[0] === 0 && at[1] === column)![1]))
    .join('\t')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(expected)
})

test('the cell format is kept for the next window, and copies keep full precision', async ({ openWindow }) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  const { cells } = expectedStores['library.npk']!['embeddings']!
  const text = copiedText(cells.find(([at]) => at[0] === 0 && at[1] === 0)![1])
  const value = Number(text)
  await cell(page, 0, 0).click()
  await expect(cell(page, 0, 0)).toHaveText(cellText(text))
  await page.keyboard.press('e')
  await expect(cell(page, 0, 0)).toHaveText(cellText(value.toExponential(6).replace(/(?<=e.)(?=\d$)/, '0')))
  await page.keyboard.press('x')
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  await expect(cell(page, 0, 0)).toHaveText(`0x${bits.getUint32(0).toString(16)}`)
  await page.keyboard.press('f')
  await expect(cell(page, 0, 0)).toHaveText(cellText(value.toFixed(6)))
  await expect(cell(page, 0, 0)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Control+c')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text)
  const again = await openWindow([SAMPLE])
  await expect(again.getByRole('radio', { name: 'Fixed' })).toBeChecked()
  await expect(cell(again, 0, 0)).toHaveText(cellText(value.toFixed(6)))
  await chooseArray(again, 'labels')
  await expect(again.getByRole('radio', { name: 'Auto' })).toBeChecked()
  await expect(again.getByRole('radio', { name: 'Fixed' })).toHaveCount(0)
  await again.getByRole('radio', { name: 'Hex' }).click()
  await expect(cell(again, 0, 0)).toHaveText(/^0x0{14}[0-9a-f]{2}$/)
})

test('shades distinguish small from large and negative from positive numbers, and deleted rows have none', async ({
  openWindow,
}) => {
  const page = await openWindow([SAMPLE])
  await chooseArray(page, 'embeddings')
  await grid(page).focus()
  await page.keyboard.press('d')
  await expect(grid(page).getByRole('columnheader', { name: '0', exact: true })).toHaveCSS('height', '28px')
  await grid(page).focus()
  await page.keyboard.press('s')
  await expect(
    grid(page)
      .getByRole('rowheader', { name: /^deleted/ })
      .first(),
  ).toBeVisible()
  const shades = () =>
    grid(page)
      .locator('[role=row] [role=gridcell][aria-colindex="2"]')
      .evaluateAll(cells =>
        cells
          .map(node => {
            const { backgroundColor, textDecorationLine } = getComputedStyle(node)
            const [, colour = '', strength = ''] = /^color\(srgb (.*) \/ (.*)\)$/.exec(backgroundColor) ?? []
            const value = Number(node.textContent.replace('\u2212', '-'))
            return { value, colour, strength: Number(strength), isDeleted: textDecorationLine !== 'none' }
          })
          .sort((a, b) => a.value - b.value),
      )
  expect((await shades()).every(({ colour }) => colour === '')).toBe(true)
  for (const key of ['m', 'w']) {
    await page.keyboard.press(key)
    await expect.poll(async () => (await shades()).some(({ colour }) => colour !== '')).toBe(true)
    const shown = await shades()
    const [deleted, active] = [true, false].map(is => shown.filter(({ isDeleted }) => isDeleted === is))
    expect(deleted!.length).toBeGreaterThan(0)
    expect(deleted!.every(({ colour }) => colour === '')).toBe(true)
    const signed = active!.map(({ value, strength }) => Math.sign(value) * strength)
    expect(signed).toEqual([...signed].sort((a, b) => a - b))
    expect(new Set(signed).size).toBeGreaterThan(5)
    const colours = [-1, 1].map(sign => {
      const ofSign = active!.filter(({ value, strength }) => Math.sign(value) === sign && strength > 0)
      return new Set(ofSign.map(({ colour }) => colour))
    })
    expect(colours.map(({ size }) => size)).toEqual([1, 1])
    expect([...colours[0]!]).not.toEqual([...colours[1]!])
    await page.keyboard.press('n')
    await expect.poll(async () => (await shades()).every(({ colour }) => colour === '')).toBe(true)
  }
})

test('an N-D array has a stepper for each middle axis', async ({ openWindow }) => {
  const page = await openWindow([fixture('shapes.npk')])
  const { cells } = expectedStores['shapes.npk']!['three_d']!
  await chooseArray(page, 'three_d')
  const [index, text] = cells.find(([at]) => at[1]! > 0 && at[0]! < 10)!
  const stepper = page.getByRole('spinbutton').first()
  await stepper.fill(String(index[1]))
  await stepper.press('Enter')
  await expect(cell(page, index[0]!, index[2]!)).toHaveText(cellText(text))
})

test('the accessibility tree has the rows in the order of their numbers, each with its header first, after scrolling', async ({
  openWindow,
}) => {
  const page = await openWindow([SAMPLE])
  await expect(cell(page, 0, 0)).toBeVisible()
  await goToRow(page, '1234')
  await expect(cell(page, 1234, 0)).toHaveText(/\d/)
  await grid(page).hover()
  await page.mouse.wheel(0, 24 * 7)
  const rows = () =>
    grid(page).evaluate(element =>
      [...element.querySelectorAll<HTMLElement>('[role=row]')]
        .filter(row => row.style.display !== 'none')
        .slice(1)
        .map(({ ariaRowIndex, firstElementChild: first }) => ({
          row: Number(ariaRowIndex) - 2,
          name: first?.role === 'rowheader' ? first.textContent : null,
        })),
    )
  await expect.poll(async () => (await rows()).map(({ row }) => row)).toContain(1260)
  const first = (await rows()).reduce((least, { row }) => Math.min(least, row), Infinity)
  await expect
    .poll(async () => (await rows()).map(({ row }) => row))
    .toEqual(Array.from({ length: (await rows()).length }, (_, i) => first + i))
  for (const { row, name } of await rows()) expect(name?.split(' ')[0]).toBe(row.toLocaleString('en'))
})
