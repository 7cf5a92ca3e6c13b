import type { ColumnLayout } from './column-layout.ts'
import { formatGroupedNumber } from './grouped-number.ts'
import { type Extent, fractionOf, type Position, rowsInView } from './position.ts'
import type { ScrollbarState } from './scrollbar-view.ts'

export function verticalState(position: Position, extent: Extent): ScrollbarState {
  const [start, stop] = rowsInView(position, extent)
  return {
    fraction: fractionOf(position, extent),
    share: extent.rows === 0 ? 1 : extent.viewHeight / (extent.rows * extent.rowHeight),
    now: position.row,
    max: Math.max(0, extent.rows - (stop - start)),
    text: `Row ${formatGroupedNumber(position.row)} of ${formatGroupedNumber(extent.rows)}`,
  }
}

export function horizontalState(layout: ColumnLayout, viewWidth: number): ScrollbarState {
  const first = layout.inView()[0]
  return {
    fraction: layout.maxOffset === 0 ? 0 : layout.offset / layout.maxOffset,
    share: layout.totalWidth === 0 ? 1 : viewWidth / layout.totalWidth,
    now: Math.round(layout.offset),
    max: Math.round(layout.maxOffset),
    text: `Column ${formatGroupedNumber(first)} of ${formatGroupedNumber(layout.count)}`,
  }
}
