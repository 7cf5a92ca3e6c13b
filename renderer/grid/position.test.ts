import { describe, expect, test } from 'vitest'
import type { Extent } from './position.ts'
import {
  atFraction,
  atRow,
  clamp,
  endOf,
  fractionOf,
  moveBy,
  pageRows,
  reveal,
  rowsInFullView,
  rowsInView,
  TOP,
  wheelPixels,
} from './position.ts'

const MILLION: Extent = { rows: 1_000_000, rowHeight: 24, viewHeight: 700 }
const HUGE: Extent = { rows: 2 ** 40, rowHeight: 24, viewHeight: 700 }

describe('the end position', () => {
  test('the end position puts the last row at the bottom of the viewport', () => {
    expect(endOf(MILLION)).toEqual({ row: 999_970, offset: 20 })
    expect(rowsInView(endOf(MILLION), MILLION)).toEqual([999_970, 1_000_000])
  })

  test('the end position is the top when all rows fit, when there are none and before layout', () => {
    expect(endOf({ rows: 29, rowHeight: 24, viewHeight: 700 })).toEqual(TOP)
    expect(endOf({ rows: 0, rowHeight: 24, viewHeight: 700 })).toEqual(TOP)
    expect(endOf({ rows: 0, rowHeight: 24, viewHeight: 0 })).toEqual(TOP)
    expect(endOf({ rows: 5, rowHeight: 24, viewHeight: 0 })).toEqual({ row: 4, offset: 0 })
  })

  test('the end position is exact at 2^40 rows', () => {
    expect(endOf(HUGE)).toEqual({ row: 2 ** 40 - 30, offset: 20 })
    expect(clamp({ row: 2 ** 41, offset: 3 }, HUGE)).toEqual(endOf(HUGE))
    expect(clamp({ row: -1, offset: 3 }, HUGE)).toEqual(TOP)
  })
})

describe('wheel deltas', () => {
  test('a wheel delta moves exactly, also far down', () => {
    let position = atRow(2 ** 39, HUGE)
    for (let i = 0; i < 480; i++) position = moveBy(position, 120, HUGE)
    expect(position).toEqual({ row: 2 ** 39 + 2400, offset: 0 })
  })

  test('fractions of a wheel pixel add up', () => {
    let position = atRow(1000, MILLION)
    for (let i = 0; i < 240; i++) position = moveBy(position, 0.25, MILLION)
    expect(position).toEqual({ row: 1002, offset: 12 })
    for (let i = 0; i < 240; i++) position = moveBy(position, -0.25, MILLION)
    expect(position).toEqual({ row: 1000, offset: 0 })
  })

  test('wheel scrolling stops at both ends', () => {
    expect(moveBy(TOP, -1, MILLION)).toEqual(TOP)
    expect(moveBy({ row: 1, offset: 3 }, -1e9, MILLION)).toEqual(TOP)
    expect(moveBy(endOf(MILLION), 0.5, MILLION)).toEqual(endOf(MILLION))
    expect(moveBy(TOP, 1e12, MILLION)).toEqual(endOf(MILLION))
  })

  test('a wheel delta never leaves an offset outside its row', () => {
    const position = moveBy({ row: 10, offset: 0 }, -1e-20, MILLION)
    expect(position.offset).toBeLessThan(24)
    expect(position.offset).toBeGreaterThanOrEqual(0)
    expect(position.row + position.offset / 24).toBeCloseTo(10, 9)
  })

  test('wheel deltas in lines and pages are converted to pixels', () => {
    expect(wheelPixels(3, 0, 24, 700)).toBe(3)
    expect(wheelPixels(3, 1, 24, 700)).toBe(72)
    expect(wheelPixels(-1, 2, 24, 700)).toBe(-700)
  })
})

describe('revealing a row', () => {
  test('revealing a row moves no further than needed', () => {
    const position = { row: 100, offset: 10 }
    expect(rowsInFullView(position, MILLION)).toEqual([101, 129])
    expect(reveal(position, 110, MILLION)).toEqual(position)
    expect(reveal(position, 128, MILLION)).toEqual(position)
    expect(reveal(position, 100, MILLION)).toEqual({ row: 100, offset: 0 })
    expect(reveal(position, 50, MILLION)).toEqual({ row: 50, offset: 0 })
    expect(reveal(position, 129, MILLION)).toEqual({ row: 100, offset: 20 })
    expect(reveal(position, 5000, MILLION)).toEqual({ row: 4971, offset: 20 })
  })

  test('revealing a row that is taller than the viewport shows its top', () => {
    const low: Extent = { rows: 100, rowHeight: 24, viewHeight: 10 }
    expect(reveal(TOP, 7, low)).toEqual({ row: 7, offset: 0 })
  })

  test('revealing reaches the last of 2^40 rows', () => {
    const position = reveal(TOP, 2 ** 40 - 1, HUGE)
    expect(position).toEqual(endOf(HUGE))
    expect(rowsInFullView(position, HUGE)[1]).toBe(2 ** 40)
  })
})

describe('dragging the scrollbar', () => {
  test('dragging the scrollbar is exact at both ends', () => {
    for (const extent of [MILLION, HUGE]) {
      expect(atFraction(0, extent, 600)).toEqual(TOP)
      expect(atFraction(1, extent, 600)).toEqual(endOf(extent))
      expect(fractionOf(TOP, extent)).toBe(0)
      expect(fractionOf(endOf(extent), extent)).toBe(1)
    }
  })

  test('dragging starts at whole rows when a pixel is more than a row', () => {
    const half = atFraction(0.5, MILLION, 600)
    expect(half).toEqual({ row: 499_985, offset: 0 })
    expect(fractionOf(half, MILLION)).toBeCloseTo(0.5, 6)
  })

  test('dragging moves smoothly when a pixel is less than a row', () => {
    const small: Extent = { rows: 100, rowHeight: 24, viewHeight: 700 }
    expect(atFraction(0.25, small, 600)).toEqual({ row: 17, offset: expect.closeTo(17, 6) as number })
  })

  test('dragging stays at the top when all rows fit, and ignores NaN', () => {
    expect(atFraction(0.7, { rows: 3, rowHeight: 24, viewHeight: 700 }, 600)).toEqual(TOP)
    expect(fractionOf(TOP, { rows: 3, rowHeight: 24, viewHeight: 700 })).toBe(0)
    expect(atFraction(Number.NaN, MILLION, 600)).toEqual(TOP)
  })
})

test('a page keeps one row in view as a landmark', () => {
  expect(pageRows(MILLION)).toBe(28)
  expect(pageRows({ ...MILLION, viewHeight: 10 })).toBe(1)
})

test('the rows in view end with the last row', () => {
  const few: Extent = { rows: 5, rowHeight: 24, viewHeight: 700 }
  expect(rowsInView(TOP, few)).toEqual([0, 5])
  expect(rowsInFullView(TOP, few)).toEqual([0, 5])
  expect(rowsInView(TOP, { ...few, rows: 0 })).toEqual([0, 0])
})
