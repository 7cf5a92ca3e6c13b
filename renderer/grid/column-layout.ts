import { Virtualizer } from '@tanstack/react-virtual'
import type { Span } from './grid-types.ts'

const doNothing = () => {}

/** Pixels of a column that may be outside the viewport when it counts as in full view: screens round. */
const ROUNDING = 0.5

/** The widths of a grid's columns and its horizontal scroll position, all in CSS pixels. */
export class ColumnLayout {
  readonly count: number
  readonly #virtualizer: Virtualizer<Element, Element>
  #width = 0
  #left = 0

  constructor(count: number, width: number) {
    this.count = count
    this.#virtualizer = new Virtualizer<Element, Element>({
      count,
      horizontal: true,
      overscan: 0,
      estimateSize: () => width,
      // The grid moves by its own offset: there is nothing to observe or to scroll.
      getScrollElement: () => null,
      observeElementRect: doNothing,
      observeElementOffset: doNothing,
      scrollToFn: doNothing,
    })
    this.#virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false
  }

  get totalWidth(): number {
    return this.#virtualizer.getTotalSize()
  }

  get viewWidth(): number {
    return this.#width
  }

  get maxOffset(): number {
    return Math.max(0, this.totalWidth - this.#width)
  }

  get offset(): number {
    return this.#left
  }

  /** Sets the width of the viewport, and the offset as far as the columns allow. */
  place(viewWidth: number, offset: number): void {
    this.#width = viewWidth
    this.#left = Math.min(Math.max(0, offset), this.maxOffset)
    this.#virtualizer.scrollRect = { width: viewWidth, height: 1 }
    this.#virtualizer.scrollOffset = this.#left
  }

  /** Returns the columns that are at least partly in the viewport. */
  inView(): Span {
    const items = this.#virtualizer.getVirtualItems()
    const first = items[0]
    const last = items.at(-1)
    return first === undefined || last === undefined ? [0, 0] : [first.index, last.index + 1]
  }

  inFullView(): Span {
    let [start, stop] = this.inView()
    if (start < stop && this.startOf(start) < this.#left - ROUNDING) start++
    if (start < stop && this.startOf(stop) > this.#left + this.#width + ROUNDING) stop--
    return [start, stop]
  }

  /** Start of a column; for `count`, the end of the last one. */
  startOf(column: number): number {
    if (column >= this.count) return this.totalWidth
    return this.#measurement(column).start
  }

  widthOf(column: number): number {
    return this.#measurement(column).size
  }

  resize(column: number, width: number): void {
    // The virtualizer resizes only what it has measured.
    this.#virtualizer.getTotalSize()
    this.#virtualizer.resizeItem(column, width)
  }

  /** Returns the column at `x` pixels from the first column's start, or the nearest one. */
  columnAt(x: number): number {
    return this.#virtualizer.getVirtualItemForOffset(Math.max(0, x))?.index ?? 0
  }

  /** Returns the offset nearest to the current one that shows a column in full (its start, when it is too wide). */
  offsetRevealing(column: number): number {
    const { start, end } = this.#measurement(column)
    if (start < this.#left) return start
    return end > this.#left + this.#width ? Math.min(start, end - this.#width) : this.#left
  }

  #measurement(column: number) {
    // Updates the measurements; cheap when nothing changed.
    this.#virtualizer.getTotalSize()
    return this.#virtualizer.measurementsCache[column] ?? { start: 0, end: 0, size: 0 }
  }
}
