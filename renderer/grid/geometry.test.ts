import { describe, expect, test } from 'vitest'
import { DTYPES } from '../../core/format/dtype.ts'
import { capacityOf, charactersOf, truncate, paddingOf, widthOf } from './column-widths.ts'
import { ColumnLayout } from './column-layout.ts'
import { deletionMarks, pathsOf } from './deletion-marks.ts'
import { formatGroupedNumber } from './grouped-number.ts'
import { gutterWidths } from './gutter.ts'
import { mostRowsToDraw, rowsToDraw } from './look-ahead.ts'
import { Motion, extend } from './motion.ts'
import { fractionAt, thumbOf } from './scrollbar-geometry.ts'

describe('column widths', () => {
  test('a column holds the longest text of a sample', () => {
    const characters = charactersOf('float32', ['1.0', '−0.3161589', '2.5'], 100)
    expect(characters).toBe(10)
    expect(capacityOf(widthOf(characters, 7.2), 7.2)).toBeGreaterThanOrEqual(10)
  })

  test('a column is wide enough for its number', () => {
    expect(charactersOf('uint8', ['0', '7'], 100_000)).toBe(5)
  })

  test('a column without a sample holds the longest texts of small dtypes', () => {
    for (const dtype of DTYPES) expect(charactersOf(dtype, [], 1), dtype).toBeGreaterThanOrEqual(3)
    expect(charactersOf('bool', [], 1)).toBe('false'.length)
    expect(charactersOf('int32', [], 1)).toBe('-2147483648'.length)
  })

  test('a text and the padding before it fill the column except for the padding at its end', () => {
    for (const characters of [0, 1, 7]) expect(paddingOf(100, characters, 7.25) + characters * 7.25).toBe(91)
    expect(paddingOf(40, 20, 7.25)).toBe(0)
  })

  test('a text that does not fit ends in an ellipsis', () => {
    expect(truncate('−0.3161589', 10)).toBe('−0.3161589')
    expect(truncate('−0.3161589', 6)).toBe('−0.31…')
  })
})

describe('the gutter', () => {
  const source = { rows: 1000, physicalRows: 1000, deletedRows: 0 }

  test("the gutter holds the last row's number", () => {
    expect(gutterWidths({ ...source, rows: 1e9, physicalRows: 1e9 }, 7).gutter).toBeGreaterThanOrEqual(
      '999,999,999'.length * 7,
    )
    expect(gutterWidths({ ...source, rows: 3, physicalRows: 3 }, 7)).toEqual({ gutter: 48, onDisk: 0 })
  })

  test('the gutter has room for numbers on disk when rows are deleted', () => {
    const { gutter, onDisk } = gutterWidths({ rows: 1000, physicalRows: 2_000_000, deletedRows: 1_999_000 }, 8)
    expect(onDisk).toBeGreaterThanOrEqual('1,999,999'.length * 7)
    expect(gutter).toBeGreaterThanOrEqual('deleted'.length * 8 + onDisk)
  })
})

describe('rows to draw', () => {
  const extent = { rows: 1_000_000, rowHeight: 24, viewHeight: 240 }
  const at = (row: number, ahead: number) => rowsToDraw({ row, offset: 5 }, extent, { rows: ahead, pixels: 0 })

  test('a grid at rest draws the rows in view', () => {
    expect(at(100, 0)).toEqual([100, 111])
  })

  test('a moving grid draws rows beyond the edge ahead, always the same number at a time', () => {
    expect(at(100, 30)).toEqual([100, 120])
    expect(at(104, 30)).toEqual([104, 120])
    expect(at(100, -30)).toEqual([96, 111])
  })

  test('drawn rows stay inside the array and the pool', () => {
    expect(at(0, -30)).toEqual([0, 11])
    expect(at(999_990, 30)).toEqual([999_990, 1_000_000])
    for (let row = 200; row < 240; row++) {
      for (const ahead of [-1000, 1000]) {
        const [start, stop] = at(row, ahead)
        expect(stop - start).toBeLessThanOrEqual(mostRowsToDraw(extent))
      }
    }
  })
})

describe('columns', () => {
  test('columns of equal width are found by their pixels', () => {
    const columns = new ColumnLayout(100_000, 80)
    columns.place(800, 400_040)
    expect(columns.totalWidth).toBe(8_000_000)
    expect(columns.inView()).toEqual([5000, 5011])
    expect(columns.inFullView()).toEqual([5001, 5010])
    expect(columns.startOf(5001)).toBe(400_080)
    expect(columns.columnAt(400_079)).toBe(5000)
    expect(columns.columnAt(1e12)).toBe(99_999)
  })

  test('horizontal scrolling stops at both ends', () => {
    const columns = new ColumnLayout(100_000, 80)
    columns.place(800, 1e12)
    expect(columns.offset).toBe(7_999_200)
    expect(columns.inFullView()).toEqual([99_990, 100_000])
    columns.place(800, -5)
    expect(columns.offset).toBe(0)
  })

  test('resized columns shift the columns after them', () => {
    const columns = new ColumnLayout(1000, 80)
    columns.resize(3, 200)
    columns.resize(10, 40)
    columns.place(400, 0)
    expect(columns.startOf(4)).toBe(440)
    expect(columns.startOf(11)).toBe(960)
    expect(columns.startOf(1000)).toBe(columns.totalWidth)
    expect(columns.totalWidth).toBe(80_080)
    expect(columns.inView()).toEqual([0, 4])
  })

  test('revealing a column moves no further than needed', () => {
    const columns = new ColumnLayout(1000, 80)
    columns.place(400, 1000)
    expect(columns.offsetRevealing(15)).toBe(1000)
    expect(columns.offsetRevealing(12)).toBe(960)
    expect(columns.offsetRevealing(17)).toBe(1040)
    columns.resize(20, 900)
    expect(columns.offsetRevealing(20)).toBe(1600)
  })

  test('columns of any number take no memory of their own', () => {
    const columns = new ColumnLayout(5e9, 80)
    columns.resize(4e9, 200)
    columns.place(800, 1e12)
    expect(columns.totalWidth).toBe(5e9 * 80 + 120)
    expect(columns.inView()).toEqual([5e9 - 10, 5e9])
    expect(columns.startOf(4e9 + 1)).toBe(4e9 * 80 + 200)
    expect(columns.columnAt(4e9 * 80 + 199)).toBe(4e9)
  })

  test('a grid without columns has an empty layout', () => {
    const columns = new ColumnLayout(0, 80)
    columns.place(400, 10)
    expect(columns.inView()).toEqual([0, 0])
    expect(columns.offset).toBe(0)
  })
})

describe('scrollbars', () => {
  test('the thumb shows the visible share and reaches both ends', () => {
    expect(thumbOf(0, 0.5, 600)).toEqual({ start: 0, length: 300 })
    expect(thumbOf(1, 0.5, 600)).toEqual({ start: 300, length: 300 })
    const small = thumbOf(1, 1e-9, 600)
    expect(small.length).toBeGreaterThanOrEqual(12)
    expect(small.start + small.length).toBe(600)
  })

  test('scrollbar fractions are exact at both ends, even when dragged beyond', () => {
    const thumb = thumbOf(0.3, 1e-9, 600)
    expect(fractionAt(-50, thumb, 600)).toBe(0)
    expect(fractionAt(600 - thumb.length, thumb, 600)).toBe(1)
    expect(fractionAt(9999, thumb, 600)).toBe(1)
    expect(fractionAt((600 - thumb.length) / 2, thumb, 600)).toBe(0.5)
    expect(fractionAt(10, thumbOf(0, 1, 600), 600)).toBe(0)
  })
})

describe('the map of deleted rows', () => {
  test('the deletion map marks deleted rows at their place among all rows', () => {
    const shares = [0, 0, 1, 1, 0, 0, 0, 0, 0.01, 0]
    expect(deletionMarks(shares, 'physical', 100)).toEqual([
      { start: 20, length: 20, strength: 3 },
      { start: 80, length: 10, strength: 0 },
    ])
  })

  test('deletion marks are stronger where more rows are deleted and leave no gap between neighbours', () => {
    expect(deletionMarks([0.1, 0.3, 0.6, 0.9], 'physical', 4).map(({ strength }) => strength)).toEqual([0, 1, 2, 3])
    const evenly = Array.from({ length: 724 }, (_, i) => (i % 3 === 0 ? 0.11 : 0.12))
    expect(deletionMarks(evenly, 'physical', 723.5)).toEqual([{ start: 0, length: 723, strength: 0 }])
    expect(deletionMarks(evenly, 'logical', 723.5)).toEqual([{ start: 0, length: 723, strength: 0 }])
  })

  test('with active rows shown the deletion map marks the gaps of deleted rows', () => {
    expect(deletionMarks([0, 0, 1, 1, 0, 0, 0, 0, 0, 0], 'logical', 80)).toEqual([
      { start: 20, length: 1, strength: 3 },
    ])
  })

  test('the deletion map stays within the track and is empty when only deleted rows are shown', () => {
    expect(deletionMarks([0, 0, 0, 1], 'logical', 100)).toEqual([{ start: 99, length: 1, strength: 3 }])
    expect(deletionMarks([1, 1], 'logical', 100)).toEqual([])
    expect(deletionMarks([1, 1], null, 100)).toEqual([])
    expect(deletionMarks([0, 0], 'physical', 100)).toEqual([])
    expect(deletionMarks([], 'physical', 100)).toEqual([])
  })

  test('the deletion map is drawn as rectangles, one path per strength', () => {
    const marks = [
      { start: 20, length: 5, strength: 3 },
      { start: 40, length: 1, strength: 0 },
    ]
    expect(pathsOf(marks, 3, 16)).toEqual(['M3 40h16v1h-16z', '', '', 'M3 20h16v5h-16z'])
  })
})

describe('motion', () => {
  test('a steady movement is predicted for 200 ms', () => {
    const motion = new Motion()
    motion.predict(0, 100, 0)
    motion.predict(4, 100, 20)
    expect(motion.predict(8, 100, 40)).toBeCloseTo(40)
    expect(motion.predict(8, 100, 50)).toBeCloseTo(40)
    expect(motion.predict(8, 100, 400)).toBe(0)
  })

  test('a movement is predicted in both directions, and a jump is not a movement', () => {
    const motion = new Motion()
    motion.predict(1000, 100, 0)
    expect(motion.predict(996, 100, 20)).toBeCloseTo(-40)
    expect(motion.predict(500_000, 100, 40)).toBe(0)
    motion.reset()
    expect(motion.predict(500_050, 100, 60)).toBe(0)
  })

  test('the first step after a rest counts as one frame', () => {
    const motion = new Motion()
    motion.predict(0, 100, 0)
    expect(motion.predict(4, 100, 10_000)).toBeCloseTo(48)
  })

  test('the predicted range stays inside the array', () => {
    expect(extend(10, 20, 5.9, 22)).toEqual([10, 22])
    expect(extend(10, 20, -50, 22)).toEqual([0, 20])
  })
})

test('large numbers are grouped by thousands', () => {
  const reference = new Intl.NumberFormat('en')
  for (const value of [0, 7, 12, 999, 1000, 12_345, 123_456, 1_000_000, 2 ** 40 - 1, Number.MAX_SAFE_INTEGER]) {
    expect(formatGroupedNumber(value)).toBe(reference.format(value))
  }
})
