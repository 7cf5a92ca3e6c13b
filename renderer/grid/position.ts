/** Top row, and its pixels above the viewport: one offset over all rows would exceed a float's precision. */
export interface Position {
  readonly row: number
  /** Pixels, 0 <= offset < rowHeight. */
  readonly offset: number
}

export interface Extent {
  rows: number
  rowHeight: number
  /** Pixels, without the header. */
  viewHeight: number
}

export const TOP: Position = { row: 0, offset: 0 }

/** Returns the position that puts the end of the last row at the viewport's bottom; the top when all rows fit. */
export function endOf({ rows, rowHeight, viewHeight }: Extent): Position {
  // A viewport that is not laid out yet counts as one row.
  const height = viewHeight > 0 ? viewHeight : rowHeight
  const whole = Math.ceil(height / rowHeight)
  return rows < whole ? TOP : { row: rows - whole, offset: whole * rowHeight - height }
}

const isAfter = (a: Position, b: Position): boolean => a.row > b.row || (a.row === b.row && a.offset > b.offset)

/** Returns the nearest position without empty space before the first or after the last row. */
export function clamp(position: Position, extent: Extent): Position {
  if (position.row < 0) return TOP
  const end = endOf(extent)
  return isAfter(position, end) ? end : position
}

/** Returns the position `pixels` further down (negative: up), clamped. Fractions of a pixel add up. */
export function moveBy(position: Position, pixels: number, extent: Extent): Position {
  const offset = position.offset + pixels
  const rows = Math.floor(offset / extent.rowHeight)
  const rest = offset - rows * extent.rowHeight
  // A tiny negative offset can round up to a whole row.
  const carry = rest >= extent.rowHeight ? 1 : 0
  return clamp({ row: position.row + rows + carry, offset: carry === 1 ? 0 : Math.max(0, rest) }, extent)
}

export const atRow = (row: number, extent: Extent): Position => clamp({ row, offset: 0 }, extent)

/** Returns the nearest position that shows `row` in full (its top, when it is too tall). */
export function reveal(position: Position, row: number, extent: Extent): Position {
  if (row < position.row || (row === position.row && position.offset > 0)) return atRow(row, extent)
  const top = (row - position.row) * extent.rowHeight - position.offset
  const below = top + extent.rowHeight - extent.viewHeight
  return below <= 0 ? clamp(position, extent) : moveBy(position, Math.min(below, top), extent)
}

export function fractionOf(position: Position, extent: Extent): number {
  const end = endOf(extent)
  const total = end.row + end.offset / extent.rowHeight
  if (total === 0) return 0
  return Math.min(1, (position.row + position.offset / extent.rowHeight) / total)
}

/** Returns the position at a fraction of the way; a whole row when rows outnumber `steps`, the distinct fractions. */
export function atFraction(fraction: number, extent: Extent, steps: number): Position {
  if (!(fraction > 0)) return TOP
  const end = endOf(extent)
  if (fraction >= 1) return end
  const exact = (end.row + end.offset / extent.rowHeight) * fraction
  const row = Math.floor(exact)
  return clamp({ row, offset: end.row > steps ? 0 : (exact - row) * extent.rowHeight }, extent)
}

/** Rows that are at least partly in the viewport: [start, stop). */
export function rowsInView(position: Position, extent: Extent): readonly [number, number] {
  const stop = position.row + Math.ceil((position.offset + extent.viewHeight) / extent.rowHeight)
  return [position.row, Math.max(position.row, Math.min(extent.rows, stop))]
}

/** Rows that are fully in the viewport: [start, stop). Half a pixel may be missing, because screens round. */
export function rowsInFullView(position: Position, extent: Extent): readonly [number, number] {
  const start = position.offset > 0.5 ? position.row + 1 : position.row
  const stop = position.row + Math.floor((position.offset + extent.viewHeight + 0.5) / extent.rowHeight)
  return [start, Math.max(start, Math.min(extent.rows, stop))]
}

/** Rows that Page Up and Page Down move: those in full view, less one that stays as a landmark. */
export const pageRows = ({ rowHeight, viewHeight }: Extent): number =>
  Math.max(1, Math.floor(viewHeight / rowHeight) - 1)

/** WheelEvent.deltaMode: 0 pixels, 1 lines, 2 pages. */
const DELTA_LINE = 1
const DELTA_PAGE = 2

export function wheelPixels(delta: number, deltaMode: number, line: number, page: number): number {
  if (deltaMode === DELTA_LINE) return delta * line
  return deltaMode === DELTA_PAGE ? delta * page : delta
}
