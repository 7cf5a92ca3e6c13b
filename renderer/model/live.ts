import { createStore } from 'zustand/vanilla'
import type { CellPosition, CopyStatus, GridSelection, ReadReport } from '../grid/index.ts'

/** What changes while the user moves through the grid on screen. */
export interface Live {
  selection: GridSelection | null
  topRow: number
  /** Where the grid started with what it shows now; null before it did. */
  start: { topRow: number; cursor: CellPosition } | null
  read: ReadReport | null
  copy: CopyStatus | null
}

export const STILL: Live = { selection: null, topRow: 0, start: null, read: null, copy: null }

export const createLive = () => createStore<Live>()(() => STILL)
