/**
 * Where the viewport stands: a row and the pixels of it that lie above the viewport's top. An integer row keeps every
 * row reachable exactly, where a pixel offset over all rows would not fit an element, nor a float at some size.
 */
export interface Position {
  /** An integer, 0 <= row. */
  readonly row: number
  /** Pixels, 0 <= offset < rowHeight. */
  readonly offset: number
}

/** How much there is to show, and the room for it. */
export interface Extent {
  rows: number
  /** Pixels of a row. */
  rowHeight: number
  /** Pixels of the viewport, without the header. */
  viewHeight: number
}

export const TOP: Position = { row: 0, offset: 0 }

/** The position at which the last row ends exactly at the viewport's bottom; the top when all rows fit. */
export function endOf({ rows, rowHeight, viewHeight }: Extent): Position {
  // A viewport without height (not laid out yet) counts as one row.
  const height = viewHeight > 0 ? viewHeight : rowHeight
  const whole = Math.ceil(height / rowHeight)
  return rows < whole ? TOP : { row: rows - whole, offset: whole * rowHeight - height }
}

const isAfter = (a: Position, b: Position): boolean => a.row > b.row || (a.row === b.row && a.offset > b.offset)

/** The nearest position that shows no room before the first row or after the last one. */
export function clamp(position: Position, extent: Extent): Position {
  if (position.row < 0) return TOP
  const end = endOf(extent)
  return isAfter(position, end) ? end : position
}

/** The position `pixels` further down (negative: up), clamped. Fractions of a pixel add up. */
export function moveBy(position: Position, pixels: number, extent: Extent): Position {
  const offset = position.offset + pixels
  const rows = Math.floor(offset / extent.rowHeight)
  const rest = offset - rows * extent.rowHeight
  // A tiny negative offset can round up to a whole row.
  const carry = rest >= extent.rowHeight ? 1 : 0
  return clamp({ row: position.row + rows + carry, offset: carry === 1 ? 0 : Math.max(0, rest) }, extent)
}

/** The position with `row` at the top, as far as the end allows. */
export const atRow = (row: number, extent: Extent): Position => clamp({ row, offset: 0 }, extent)

/** The position nearest to `position` that shows `row` in full (its top, where a row is taller than the viewport). */
export function reveal(position: Position, row: number, extent: Extent): Position {
  if (row < position.row || (row === position.row && position.offset > 0)) return atRow(row, extent)
  const top = (row - position.row) * extent.rowHeight - position.offset
  const below = top + extent.rowHeight - extent.viewHeight
  return below <= 0 ? clamp(position, extent) : moveBy(position, Math.min(below, top), extent)
}

/** Where the position lies between the top (0) and the end (1). */
export function fractionOf(position: Position, extent: Extent): number {
  const end = endOf(extent)
  const total = end.row + end.offset / extent.rowHeight
  if (total === 0) return 0
  return Math.min(1, (position.row + position.offset / extent.rowHeight) / total)
}

/**
 * The position at a fraction of the way from the top to the end, exact at 0 and 1. Between them it starts at a whole
 * row when `steps`, the number of fractions that can be told apart, is smaller than the number of rows.
 */
export function atFraction(fraction: number, extent: Extent, steps: number): Position {
  if (!(fraction > 0)) return TOP
  const end = endOf(extent)
  if (fraction >= 1) return end
  const exact = (end.row + end.offset / extent.rowHeight) * fraction
  const row = Math.floor(exact)
  return clamp({ row, offset: end.row > steps ? 0 : (exact - row) * extent.rowHeight }, extent)
}

/** Rows that lie in the viewport at least in part: [start, stop). */
export function rowsInView(position: Position, extent: Extent): readonly [number, number] {
  const stop = position.row + Math.ceil((position.offset + extent.viewHeight) / extent.rowHeight)
  return [position.row, Math.max(position.row, Math.min(extent.rows, stop))]
}

/** Rows that lie in the viewport in full: [start, stop). Half a pixel may be missing, as screens round. */
export function rowsInFullView(position: Position, extent: Extent): readonly [number, number] {
  const start = position.offset > 0.5 ? position.row + 1 : position.row
  const stop = position.row + Math.floor((position.offset + extent.viewHeight + 0.5) / extent.rowHeight)
  return [start, Math.max(start, Math.min(extent.rows, stop))]
}

/** How many rows Page Up and Page Down move: what is in full view, less one that stays as a landmark. */
export const pageRows = ({ rowHeight, viewHeight }: Extent): number =>
  Math.max(1, Math.floor(viewHeight / rowHeight) - 1)

/** WheelEvent.deltaMode: 0 pixels, 1 lines, 2 pages. */
const DELTA_LINE = 1
const DELTA_PAGE = 2

/** Pixels of a wheel delta, for a `line` and a `page` of so many pixels. */
export function wheelPixels(delta: number, deltaMode: number, line: number, page: number): number {
  if (deltaMode === DELTA_LINE) return delta * line
  return deltaMode === DELTA_PAGE ? delta * page : delta
}
