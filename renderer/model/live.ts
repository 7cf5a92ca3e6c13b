import { createStore } from 'zustand/vanilla'
import type { CellPosition, CopyStatus, GridSelection, ReadReport } from '../grid/index.ts'

export interface Live {
  selection: GridSelection | null
  topRow: number
  /** Location at which the grid last started; null before that. */
  start: { topRow: number; cursor: CellPosition } | null
  read: ReadReport | null
  copy: CopyStatus | null
}

export const STILL: Live = { selection: null, topRow: 0, start: null, read: null, copy: null }

export const createLive = () => createStore<Live>()(() => STILL)
