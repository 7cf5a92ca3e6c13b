import type { Selected } from './selection.ts'
import type { ReadReport } from './types.ts'

/** The elements that a grid's structure provides. */
export interface GridElements {
  frame: HTMLElement
  grid: HTMLElement
  head: HTMLElement
  headers: HTMLElement
  gutter: HTMLElement
  body: HTMLElement
  rows: HTMLElement
  cursor: HTMLElement
  range: HTMLElement
  vertical: { track: HTMLElement; thumb: HTMLElement }
  horizontal: { track: HTMLElement; thumb: HTMLElement }
}

/** Lengths in pixels. */
export interface GridMetrics {
  rowHeight: number
  headerHeight: number
  /** Of every column; undefined: by dtype and texts. */
  columnWidth: number | undefined
  /** Whether columns have histograms. */
  histograms: boolean
  /** Of the scrollbars. */
  barWidth: number
  barHeight: number
}

export interface GridViewEvents {
  onSelection(selected: Selected | null): void
  onTopRow(row: number): void
  onRead(report: ReadReport): void
  onError(error: Error): void
}
