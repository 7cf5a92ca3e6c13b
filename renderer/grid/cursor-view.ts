import type { ColumnLayout } from './column-layout.ts'
import type { CellSelection } from './selection.ts'
import { rangeOf } from './selection.ts'
import type { CellPosition, Span } from './grid-types.ts'

export interface BoxArea {
  rows: Span
  columns: ColumnLayout
  rowHeight: number
  origin: { row: number; x: number }
}

/** How far a box reaches beyond the viewport at most, so that its edges stay out of sight. */
const BEYOND_ROWS = 1
const BEYOND_PIXELS = 10

/** Draws cursor and selection as boxes, and names the cursor's cell to assistive technology. */
export class CursorView {
  readonly #grid: HTMLElement
  readonly #cursor: HTMLElement
  readonly #range: HTMLElement
  readonly #id: string
  #active: HTMLElement | null = null

  constructor(elements: { grid: HTMLElement; cursor: HTMLElement; range: HTMLElement }, id: string) {
    this.#grid = elements.grid
    this.#cursor = elements.cursor
    this.#range = elements.range
    this.#id = id
  }

  /** `cell` is the cursor's cell; null when it is not drawn. */
  place(selected: CellSelection | null, cell: HTMLElement | null, area: BoxArea): void {
    this.#nameActive(selected?.cursor ?? null, cell)
    if (selected === null) {
      this.#cursor.style.display = 'none'
      this.#range.style.display = 'none'
      return
    }
    const { rows, columns } = rangeOf(selected)
    const { row, column } = selected.cursor
    placeBox(this.#cursor, [row, row + 1], [column, column + 1], area)
    if (rows[1] - rows[0] > 1 || columns[1] - columns[0] > 1) placeBox(this.#range, rows, columns, area)
    else this.#range.style.display = 'none'
  }

  #nameActive(cursor: CellPosition | null, cell: HTMLElement | null): void {
    const id = cell === null || cursor === null ? '' : `${this.#id}-${cursor.row}-${cursor.column}`
    if (this.#active !== null && (this.#active !== cell || this.#active.id !== id)) {
      this.#active.removeAttribute('id')
      this.#grid.removeAttribute('aria-activedescendant')
    }
    if (cell !== null && cell.id !== id) {
      cell.id = id
      this.#grid.setAttribute('aria-activedescendant', id)
    }
    this.#active = cell
  }
}

function placeBox({ style }: HTMLElement, rows: Span, columns: Span, area: BoxArea): void {
  const { columns: layout, rowHeight, origin } = area
  const top = Math.max(rows[0], area.rows[0] - BEYOND_ROWS)
  const bottom = Math.min(rows[1], area.rows[1] + BEYOND_ROWS)
  const left = Math.max(layout.startOf(columns[0]), layout.offset - BEYOND_PIXELS)
  const right = Math.min(layout.startOf(columns[1]), layout.offset + layout.viewWidth + BEYOND_PIXELS)
  if (top >= bottom || left >= right) {
    style.display = 'none'
    return
  }
  style.display = ''
  style.left = `${left - origin.x}px`
  style.top = `${(top - origin.row) * rowHeight}px`
  style.width = `${right - left}px`
  style.height = `${(bottom - top) * rowHeight}px`
}
