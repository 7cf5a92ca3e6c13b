import { createStore } from 'zustand/vanilla'
import type { CopyStatus, GridSelection, ReadReport } from '../grid/index.ts'

/** What changes while the user moves through the grid on screen. */
export interface Live {
  selection: GridSelection | null
  topRow: number
  read: ReadReport | null
  copy: CopyStatus | null
}

export const STILL: Live = { selection: null, topRow: 0, read: null, copy: null }

export const createLive = () => createStore<Live>()(() => STILL)
