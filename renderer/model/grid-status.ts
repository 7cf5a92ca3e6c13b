import { createStore } from 'zustand/vanilla'
import type { CellPosition, CopyStatus, GridSelection, ReadReport } from '../grid/index.ts'

export interface GridStatus {
  selection: GridSelection | null
  topRow: number
  /** Location at which the grid last started; null before that. */
  start: { topRow: number; cursor: CellPosition } | null
  read: ReadReport | null
  copy: CopyStatus | null
}

export const INITIAL_GRID_STATUS: GridStatus = { selection: null, topRow: 0, start: null, read: null, copy: null }

export const createGridStatus = () => createStore<GridStatus>()(() => INITIAL_GRID_STATUS)
