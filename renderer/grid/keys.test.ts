import { expect, test } from 'vitest'
import type { Key } from './keys.ts'
import { moveOfKey } from './keys.ts'
import type { CellSelection } from './selection.ts'
import { fitSelection, moveSelection, rangeOf, selectCell } from './selection.ts'

const SIZE = { rows: 2 ** 40, columns: 100 }
const PAGE = 28

const key = (name: string): Key => {
  const parts = name.split('+')
  return {
    key: parts.at(-1)!,
    code: '',
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Meta'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
  }
}

function press(row: number, column: number, ...names: string[]): CellSelection {
  let selected = selectCell({ row, column }, SIZE)!
  for (const name of names) {
    const move = moveOfKey(key(name), PAGE)
    if (move !== null) selected = moveSelection(selected, move, SIZE)
  }
  return selected
}

test.each([
  ['ArrowDown', 11, 5],
  ['ArrowUp', 9, 5],
  ['ArrowLeft', 10, 4],
  ['ArrowRight', 10, 6],
  ['PageDown', 38, 5],
  ['PageUp', 0, 5],
  ['Home', 10, 0],
  ['End', 10, 99],
  ['Ctrl+Home', 0, 0],
  ['Ctrl+End', 2 ** 40 - 1, 99],
  ['Meta+End', 2 ** 40 - 1, 99],
  ['Ctrl+ArrowDown', 2 ** 40 - 1, 5],
  ['Ctrl+ArrowUp', 0, 5],
  ['Ctrl+ArrowLeft', 10, 0],
  ['Ctrl+ArrowRight', 10, 99],
])('%s moves the cursor from (10, 5) to (%i, %i)', (name, row, column) => {
  const selected = press(10, 5, name)
  expect(selected.cursor).toEqual({ row, column })
  expect(rangeOf(selected)).toEqual({ rows: [row, row + 1], columns: [column, column + 1] })
})

test('the cursor stops at the edges of the grid', () => {
  expect(press(0, 0, 'ArrowUp', 'ArrowLeft').cursor).toEqual({ row: 0, column: 0 })
  expect(press(2 ** 40 - 1, 99, 'ArrowDown', 'ArrowRight', 'PageDown').cursor).toEqual({ row: 2 ** 40 - 1, column: 99 })
})

test('Shift extends the selection from its anchor in every direction', () => {
  expect(rangeOf(press(10, 5, 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowLeft'))).toEqual({
    rows: [10, 13],
    columns: [4, 6],
  })
  expect(rangeOf(press(10, 5, 'Shift+ArrowDown', 'Shift+ArrowUp', 'Shift+ArrowUp'))).toEqual({
    rows: [9, 11],
    columns: [5, 6],
  })
  expect(rangeOf(press(10, 5, 'Ctrl+Shift+End'))).toEqual({ rows: [10, 2 ** 40], columns: [5, 100] })
})

test('an arrow without Shift collapses an extended selection', () => {
  expect(rangeOf(press(10, 5, 'Shift+PageDown', 'ArrowRight'))).toEqual({ rows: [38, 39], columns: [6, 7] })
})

test('Ctrl+A selects everything, Escape collapses to one cell', () => {
  expect(rangeOf(press(10, 5, 'Ctrl+a'))).toEqual({ rows: [0, 2 ** 40], columns: [0, 100] })
  expect(rangeOf(press(10, 5, 'Shift+ArrowDown', 'Escape'))).toEqual({ rows: [11, 12], columns: [5, 6] })
})

test('Ctrl+A leaves the cursor where it is, and Shift then extends the selection from there', () => {
  expect(press(10, 5, 'Ctrl+a').cursor).toEqual({ row: 10, column: 5 })
  expect(rangeOf(press(10, 5, 'Ctrl+a', 'Shift+ArrowDown'))).toEqual({ rows: [10, 12], columns: [5, 6] })
  expect(rangeOf(press(10, 5, 'Ctrl+a', 'ArrowDown'))).toEqual({ rows: [11, 12], columns: [5, 6] })
})

test('Ctrl+A selects everything on a keyboard without Latin letters', () => {
  const russian: Key = { ...key('Ctrl+ф'), code: 'KeyA' }
  expect(moveOfKey(russian, PAGE)).toEqual({ type: 'all' })
})

test.each(['Alt+ArrowDown', 'a', 'Tab', 'Enter', 'Ctrl+c', 'Ctrl+PageDown', 'F5'])(
  'the grid ignores the key %s',
  name => {
    expect(moveOfKey(key(name), PAGE)).toBeNull()
  },
)

test('a grid without cells has no selection', () => {
  expect(selectCell({ row: 0, column: 0 }, { rows: 0, columns: 3 })).toBeNull()
  expect(fitSelection(press(10, 5), { rows: 3, columns: 0 })).toBeNull()
})

test('a selection is clamped when the array shrinks', () => {
  const fitted = fitSelection(press(10, 5, 'Shift+Ctrl+End'), { rows: 12, columns: 3 })!
  expect(rangeOf(fitted)).toEqual({ rows: [10, 12], columns: [2, 3] })
  expect(selectCell({ row: 1e9, column: 1e9 }, { rows: 12, columns: 3 })!.cursor).toEqual({ row: 11, column: 2 })
})
