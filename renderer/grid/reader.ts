import type { Block, BlockCache, BlockShape } from './blocks.ts'
import { blockShape, cutWindow, keyPrefix } from './blocks.ts'
import type { CellRange, GridSource, ReadReport, Span } from './types.ts'

/** Elements of one read at most, well below what a host answers. */
const MAX_READ_ELEMENTS = 262_144

/** What a grid needs now, and what it will need next if it keeps moving as it does: read once some of `soon` is missing. */
export interface Wish {
  needed: CellRange
  ahead: { soon: CellRange; range: CellRange } | null
}

export interface ReaderEvents {
  /** Blocks of the present source arrived. */
  onBlocks(rows: Span): void
  onRead(report: ReadReport): void
  /** A read failed: its cells are marked as failed. */
  onError(error: Error): void
}

interface Flight {
  range: CellRange
  controller: AbortController
}

const overlaps = (a: Span, b: Span): boolean => a[0] < b[1] && b[0] < a[1]
const meet = (a: CellRange, b: CellRange): boolean => overlaps(a.rows, b.rows) && overlaps(a.columns, b.columns)
const grow = ([start, stop]: Span, step: number, count: number): Span => [
  Math.max(0, Math.floor(start / step) * step),
  Math.min(count, Math.ceil(stop / step) * step),
]
const isAbort = (error: unknown): boolean =>
  error instanceof Error && ((error as Error & { code?: unknown }).code === 'ABORTED' || error.name === 'AbortError')

/**
 * Reads the blocks of a source into the cache: one request in flight, the latest wish is the one that waits. A request
 * that no wish wants any more is aborted; should its reply come all the same, it fills the cache and nothing else.
 */
export class BlockReader {
  readonly source: GridSource
  readonly shape: BlockShape
  private readonly cache: BlockCache
  private readonly events: ReaderEvents
  private readonly prefix: string
  private readonly failed = new Set<string>()
  private wish: Wish | null = null
  private flight: Flight | null = null
  private closed = false

  constructor(source: GridSource, cache: BlockCache, events: ReaderEvents) {
    this.source = source
    this.cache = cache
    this.events = events
    this.shape = blockShape(source.dtype, source.columns)
    this.prefix = keyPrefix(source, source.generation)
  }

  /** The block that holds a cell, if it was read. */
  block(row: number, column: number): Block | undefined {
    return this.cache.get(this.keyOf(row, column))
  }

  /** Whether the last attempt to read a cell failed. */
  hasFailed(row: number, column: number): boolean {
    return this.failed.size > 0 && this.failed.has(this.keyOf(row, column))
  }

  /** Says what is needed; reads what of it is missing. A wish for other blocks than before gives failed ones a new chance. */
  want(wish: Wish): void {
    if (this.closed) return
    if (this.failed.size > 0 && (this.wish === null || !this.sameBlocks(wish.needed, this.wish.needed))) {
      this.failed.clear()
    }
    this.wish = wish
    if (this.flight !== null) {
      const wanted =
        meet(this.flight.range, wish.needed) || (wish.ahead !== null && meet(this.flight.range, wish.ahead.range))
      if (wanted) return
      this.flight.controller.abort()
      this.flight = null
    }
    this.readNext()
  }

  /** Aborts what is in flight and reads no more. */
  close(): void {
    this.closed = true
    this.flight?.controller.abort()
    this.flight = null
  }

  private keyOf(row: number, column: number): string {
    return `${this.prefix}${Math.floor(row / this.shape.rows)},${Math.floor(column / this.shape.columns)}`
  }

  /** A range grown to whole blocks, inside the source. */
  private toBlocks({ rows, columns }: CellRange): CellRange {
    const { shape, source } = this
    return { rows: grow(rows, shape.rows, source.rows), columns: grow(columns, shape.columns, source.columns) }
  }

  private sameBlocks(a: CellRange, b: CellRange): boolean {
    const one = this.toBlocks(a)
    const other = this.toBlocks(b)
    return String([one.rows, one.columns]) === String([other.rows, other.columns])
  }

  /** The smallest rectangle of blocks around those of a range that were neither read nor failed; null when all were. */
  private missingIn(range: CellRange): CellRange | null {
    const { rows, columns } = this.toBlocks(range)
    let top = Infinity
    let bottom = -Infinity
    let left = Infinity
    let right = -Infinity
    for (let row = rows[0]; row < rows[1]; row += this.shape.rows) {
      for (let column = columns[0]; column < columns[1]; column += this.shape.columns) {
        const key = this.keyOf(row, column)
        if (this.cache.has(key) || this.failed.has(key)) continue
        top = Math.min(top, row)
        bottom = Math.max(bottom, row + 1)
        left = Math.min(left, column)
        right = Math.max(right, column + 1)
      }
    }
    return top > bottom ? null : this.toBlocks({ rows: [top, bottom], columns: [left, right] })
  }

  private nextRange(): CellRange | null {
    if (this.wish === null) return null
    const missing = this.missingIn(this.wish.needed)
    const due = this.wish.ahead !== null && (missing !== null || this.missingIn(this.wish.ahead.soon) !== null)
    const ahead = due ? this.missingIn(this.wish.ahead!.range) : null
    if (missing === null || ahead === null) return missing ?? ahead
    // What is needed and what comes next in one read, where the two touch.
    const touching = ahead.rows[0] <= missing.rows[1] && missing.rows[0] <= ahead.rows[1]
    if (!touching) return missing
    return {
      rows: [Math.min(missing.rows[0], ahead.rows[0]), Math.max(missing.rows[1], ahead.rows[1])],
      columns: [Math.min(missing.columns[0], ahead.columns[0]), Math.max(missing.columns[1], ahead.columns[1])],
    }
  }

  private readNext(): void {
    const range = this.nextRange()
    if (range === null) return
    const columns = range.columns[1] - range.columns[0]
    const rows = Math.max(1, Math.floor(MAX_READ_ELEMENTS / columns / this.shape.rows)) * this.shape.rows
    const bounded: CellRange = {
      rows: [range.rows[0], Math.min(range.rows[1], range.rows[0] + rows)],
      columns: range.columns,
    }
    const flight: Flight = { range: bounded, controller: new AbortController() }
    this.flight = flight
    void this.read(flight)
  }

  private async read(flight: Flight): Promise<void> {
    const { rows, columns } = flight.range
    const start = performance.now()
    try {
      const answer = this.source.read(rows, columns, flight.controller.signal)
      const window = answer instanceof Promise ? await answer : answer
      // A newer generation's elements belong to no place of this one: its source is on the way.
      if (window.generation !== this.source.generation) this.fail(flight.range)
      else {
        const blocks = cutWindow(window, this.shape, this.source)
        for (const block of blocks) this.cache.put(this.keyOf(block.rows[0], block.columns[0]), block)
        // Asked for once only: what a reply leaves out would be asked for again at once, for ever.
        if (window.rows[1] < rows[1] || blocks.length === 0) this.fail(flight.range)
        if (!this.closed) {
          const milliseconds = performance.now() - start
          this.events.onRead({
            milliseconds,
            bytes: window.data.byteLength,
            rows: window.rows,
            columns: window.columns,
          })
          this.events.onBlocks(window.rows)
        }
      }
    } catch (error) {
      if (this.flight === flight && !isAbort(error)) {
        this.fail(flight.range)
        if (this.wish !== null && meet(flight.range, this.wish.needed)) {
          this.events.onError(error instanceof Error ? error : new Error(String(error)))
        }
        this.events.onBlocks(rows)
      }
    }
    if (this.flight !== flight) return
    this.flight = null
    if (!this.closed) this.readNext()
  }

  /** Marks the blocks of a range that are still missing as failed. */
  private fail({ rows, columns }: CellRange): void {
    for (let row = rows[0]; row < rows[1]; row += this.shape.rows) {
      for (let column = columns[0]; column < columns[1]; column += this.shape.columns) {
        const key = this.keyOf(row, column)
        if (!this.cache.has(key)) this.failed.add(key)
      }
    }
  }
}
