import type { Span } from './grid-types.ts'

/** Pixels of a column that may be outside the viewport when it counts as in full view: screens round. */
const ROUNDING = 0.5

/** A column with its own width: how much wider it is, and how much all those before it are. */
interface Resized {
  readonly column: number
  extra: number
  extraBefore: number
}

/**
 * The widths of a grid's columns and its horizontal scroll position, all in CSS pixels. Takes memory only for resized
 * columns: a sparse file can claim any number of others.
 */
export class ColumnLayout {
  readonly count: number
  readonly #usualWidth: number
  /** By column. */
  readonly #resized: Resized[] = []
  #width = 0
  #left = 0

  constructor(count: number, width: number) {
    this.count = count
    this.#usualWidth = width
  }

  get totalWidth(): number {
    return this.#startOf(this.count)
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
  }

  /** Returns the columns that are at least partly in the viewport. */
  inView(): Span {
    if (this.count === 0 || this.#width === 0) return [0, 0]
    const right = this.#left + this.#width
    const first = this.columnAt(this.#left)
    const last = this.columnAt(right)
    return [first, last > first && this.startOf(last) >= right ? last : last + 1]
  }

  inFullView(): Span {
    let [start, stop] = this.inView()
    if (start < stop && this.startOf(start) < this.#left - ROUNDING) start++
    if (start < stop && this.startOf(stop) > this.#left + this.#width + ROUNDING) stop--
    return [start, stop]
  }

  /** Start of a column; for `count`, the end of the last one. */
  startOf(column: number): number {
    return this.#startOf(Math.min(column, this.count))
  }

  widthOf(column: number): number {
    if (column < 0 || column >= this.count) return 0
    const resized = this.#resized[this.#resizedBefore(column)]
    return this.#usualWidth + (resized?.column === column ? resized.extra : 0)
  }

  resize(column: number, width: number): void {
    if (column < 0 || column >= this.count) return
    const at = this.#resizedBefore(column)
    const extra = width - this.#usualWidth
    const known = this.#resized[at]
    if (known?.column === column) known.extra = extra
    else this.#resized.splice(at, 0, { column, extra, extraBefore: 0 })
    for (let i = at; i < this.#resized.length; i++) {
      const before = this.#resized[i - 1]
      this.#resized[i]!.extraBefore = before === undefined ? 0 : before.extraBefore + before.extra
    }
  }

  /** Returns the column at `x` pixels from the first column's start, or the nearest one. */
  columnAt(x: number): number {
    const next = partition(this.count, column => this.#startOf(column) <= x)
    return Math.max(0, next - 1)
  }

  /** Returns the offset nearest to the current one that shows a column in full (its start, when it is too wide). */
  offsetRevealing(column: number): number {
    const start = this.startOf(column)
    const end = start + this.widthOf(column)
    if (start < this.#left) return start
    return end > this.#left + this.#width ? Math.min(start, end - this.#width) : this.#left
  }

  #startOf(column: number): number {
    const before = this.#resized[this.#resizedBefore(column) - 1]
    return column * this.#usualWidth + (before === undefined ? 0 : before.extraBefore + before.extra)
  }

  /** Number of resized columns before a column. */
  #resizedBefore(column: number): number {
    return partition(this.#resized.length, i => this.#resized[i]!.column < column)
  }
}

/** Returns how many of the numbers below `count` fulfil a condition that only the first ones do. */
function partition(count: number, isFirst: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isFirst(middle)) low = middle + 1
    else high = middle
  }
  return low
}
