import type { CellSelection } from './selection.ts'
import type { ReadReport } from './grid-types.ts'

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

export interface GridMetrics {
  rowHeight: number
  headerHeight: number
  columnWidth: number | undefined
  histograms: boolean
  barWidth: number
  barHeight: number
}

/** What of the cells a view shows; `x` in pixels. */
export interface GridPlace {
  row: number
  x: number
  selected: CellSelection | null
}

export interface GridViewEvents {
  onSelection(selected: CellSelection | null): void
  onTopRow(row: number): void
  onColumnResize(): void
  onRead(report: ReadReport): void
  onError(error: Error): void
}
