import type { CellPosition, CellRange, GridSelection } from './grid-types.ts'

/** The cursor and the selected rectangle around it, whose opposite corners are `anchor` and `corner`. */
export interface CellSelection {
  /** Corner that stays when the selection is extended. */
  readonly anchor: CellPosition
  /** Corner that moves: the cursor, except after everything was selected. */
  readonly corner: CellPosition
  readonly cursor: CellPosition
}

export type SelectionMove =
  /** A step from the cursor; an infinite one goes to the edge. */
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

export function selectCell(place: CellPosition, size: GridSize): CellSelection | null {
  if (size.rows === 0 || size.columns === 0) return null
  return atCell(clampCell(place.row, place.column, size))
}

const atCell = (cell: CellPosition): CellSelection => ({ anchor: cell, corner: cell, cursor: cell })

export function moveSelection(selected: CellSelection, move: SelectionMove, size: GridSize): CellSelection {
  switch (move.type) {
    case 'all':
      return {
        anchor: { row: 0, column: 0 },
        corner: { row: size.rows - 1, column: size.columns - 1 },
        cursor: selected.cursor,
      }
    case 'collapse':
      return atCell(selected.cursor)
    default: {
      const { row, column } =
        move.type === 'to'
          ? move
          : { row: selected.cursor.row + move.rows, column: selected.cursor.column + move.columns }
      const cursor = clampCell(row, column, size)
      if (!move.extend) return atCell(cursor)
      // After everything was selected, the selection extends from the cursor.
      const anchor = isSameCell(selected.corner, selected.cursor) ? selected.anchor : selected.cursor
      return { anchor, corner: cursor, cursor }
    }
  }
}

/** Clamps a selection to an array of another size; null when that has no cells. */
export function fitSelection(selected: CellSelection, size: GridSize): CellSelection | null {
  if (size.rows === 0 || size.columns === 0) return null
  return {
    anchor: clampCell(selected.anchor.row, selected.anchor.column, size),
    corner: clampCell(selected.corner.row, selected.corner.column, size),
    cursor: clampCell(selected.cursor.row, selected.cursor.column, size),
  }
}

export function rangeOf({ anchor, corner }: CellSelection): CellRange {
  return {
    rows: [Math.min(anchor.row, corner.row), Math.max(anchor.row, corner.row) + 1],
    columns: [Math.min(anchor.column, corner.column), Math.max(anchor.column, corner.column) + 1],
  }
}

export const selectionOf = (selected: CellSelection): GridSelection => ({
  cursor: selected.cursor,
  range: rangeOf(selected),
})

const isSameCell = (a: CellPosition, b: CellPosition): boolean => a.row === b.row && a.column === b.column

export const isOneCell = ({ anchor, corner }: CellSelection): boolean => isSameCell(anchor, corner)

export const isSameSelection = (a: CellSelection | null, b: CellSelection | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    isSameCell(a.anchor, b.anchor) &&
    isSameCell(a.corner, b.corner) &&
    isSameCell(a.cursor, b.cursor))
