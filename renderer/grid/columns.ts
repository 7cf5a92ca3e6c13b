import { Virtualizer } from '@tanstack/react-virtual'
import type { Span } from './types.ts'

const nothing = () => {}

/** Where the columns of a grid lie: their widths, and which of them a horizontal offset shows. All lengths in pixels. */
export class ColumnLayout {
  readonly count: number
  private readonly virtualizer: Virtualizer<Element, Element>
  private width = 0
  private left = 0

  constructor(count: number, width: number) {
    this.count = count
    this.virtualizer = new Virtualizer<Element, Element>({
      count,
      horizontal: true,
      overscan: 0,
      estimateSize: () => width,
      // The grid moves by its own offset: nothing to observe, nothing to scroll.
      getScrollElement: () => null,
      observeElementRect: nothing,
      observeElementOffset: nothing,
      scrollToFn: nothing,
    })
    this.virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false
  }

  get totalWidth(): number {
    return this.virtualizer.getTotalSize()
  }

  get viewWidth(): number {
    return this.width
  }

  /** The largest offset. */
  get end(): number {
    return Math.max(0, this.totalWidth - this.width)
  }

  get offset(): number {
    return this.left
  }

  /** Sets the viewport's width and the offset, clamped. */
  place(viewWidth: number, offset: number): void {
    this.width = viewWidth
    this.left = Math.min(Math.max(0, offset), this.end)
    this.virtualizer.scrollRect = { width: viewWidth, height: 1 }
    this.virtualizer.scrollOffset = this.left
  }

  /** Columns that lie in the viewport at least in part. */
  inView(): Span {
    const items = this.virtualizer.getVirtualItems()
    const first = items[0]
    const last = items.at(-1)
    return first === undefined || last === undefined ? [0, 0] : [first.index, last.index + 1]
  }

  /** Columns that lie in the viewport in full. */
  inFullView(): Span {
    let [start, stop] = this.inView()
    if (start < stop && this.startOf(start) < this.left - 0.5) start++
    if (start < stop && this.startOf(stop) > this.left + this.width + 0.5) stop--
    return [start, stop]
  }

  /** Where a column starts; of `count`, where the last one ends. */
  startOf(column: number): number {
    if (column >= this.count) return this.totalWidth
    return this.measurement(column).start
  }

  widthOf(column: number): number {
    return this.measurement(column).size
  }

  resize(column: number, width: number): void {
    // Nothing can be resized before all was measured once.
    this.virtualizer.getTotalSize()
    this.virtualizer.resizeItem(column, width)
  }

  /** The column at a distance from the first column's start, the nearest one outside. */
  columnAt(x: number): number {
    return this.virtualizer.getVirtualItemForOffset(Math.max(0, x))?.index ?? 0
  }

  /** The offset nearest to the present one that shows a column in full (its start, where it is too wide). */
  revealing(column: number): number {
    const { start, end } = this.measurement(column)
    if (start < this.left) return start
    return end > this.left + this.width ? Math.min(start, end - this.width) : this.left
  }

  private measurement(column: number) {
    // Brings the measurements up to date; cheap when they are.
    this.virtualizer.getTotalSize()
    return this.virtualizer.measurementsCache[column] ?? { start: 0, end: 0, size: 0 }
  }
}
