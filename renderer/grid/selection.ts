import type { CellPosition, CellRange, GridSelection } from './grid-types.ts'

/** The selected rectangle: `anchor` is its fixed corner, `cursor` the one that moves. */
export interface CellSelection {
  readonly anchor: CellPosition
  readonly cursor: CellPosition
}

/** A change of the selection by a key or the pointer. Cells outside the grid are clamped. */
export type SelectionMove =
  /** `by` rows and columns; infinite: to the edge. */
  | { type: 'by'; rows: number; columns: number; extend: boolean }
  | { type: 'to'; row: number; column: number; extend: boolean }
  | { type: 'all' }
  | { type: 'collapse' }

export interface GridSize {
  rows: number
  columns: number
}

const clampIndex = (index: number, count: number): number => Math.min(Math.max(index, 0), count - 1)

const clampCell = (row: number, column: number, size: GridSize): CellPosition => ({
  row: clampIndex(row, size.rows),
  column: clampIndex(column, size.columns),
})

/** Selects the cell nearest to `place`; null when there are no cells. */
export function selectCell(place: CellPosition, size: GridSize): CellSelection | null {
  if (size.rows === 0 || size.columns === 0) return null
  const cell = clampCell(place.row, place.column, size)
  return { anchor: cell, cursor: cell }
}

/** Returns the selection after a move, in a grid of `size` cells (at least one). */
export function moveSelection(selected: CellSelection, move: SelectionMove, size: GridSize): CellSelection {
  switch (move.type) {
    case 'all':
      // The cursor goes to the first cell, so that the user can extend from there.
      return { anchor: { row: size.rows - 1, column: size.columns - 1 }, cursor: { row: 0, column: 0 } }
    case 'collapse':
      return { anchor: selected.cursor, cursor: selected.cursor }
    default: {
      const { row, column } =
        move.type === 'to'
          ? move
          : { row: selected.cursor.row + move.rows, column: selected.cursor.column + move.columns }
      const cursor = clampCell(row, column, size)
      return { anchor: move.extend ? selected.anchor : cursor, cursor }
    }
  }
}

export function fitSelection(selected: CellSelection, size: GridSize): CellSelection | null {
  if (size.rows === 0 || size.columns === 0) return null
  return {
    anchor: clampCell(selected.anchor.row, selected.anchor.column, size),
    cursor: clampCell(selected.cursor.row, selected.cursor.column, size),
  }
}

export function rangeOf({ anchor, cursor }: CellSelection): CellRange {
  return {
    rows: [Math.min(anchor.row, cursor.row), Math.max(anchor.row, cursor.row) + 1],
    columns: [Math.min(anchor.column, cursor.column), Math.max(anchor.column, cursor.column) + 1],
  }
}

export const selectionOf = (selected: CellSelection): GridSelection => ({
  cursor: selected.cursor,
  range: rangeOf(selected),
})

export const sameSelected = (a: CellSelection | null, b: CellSelection | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.anchor.row === b.anchor.row &&
    a.anchor.column === b.anchor.column &&
    a.cursor.row === b.cursor.row &&
    a.cursor.column === b.cursor.column)
