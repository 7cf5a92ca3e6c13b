import type { GridBlock, BlockCache, BlockShape } from './blocks.ts'
import { blockShape, cutWindow, keyPrefix } from './blocks.ts'
import type { CellRange, GridSource, ReadReport, Span } from './grid-types.ts'

/** Limit of one read, well below what a host accepts. */
const MAX_READ_ELEMENTS = 262_144

/** Cells that are needed now, and cells to prefetch once part of `threshold` is missing. */
export interface ReadRequest {
  needed: CellRange
  prefetch: { threshold: CellRange; range: CellRange } | null
}

export interface ReaderEvents {
  onBlocks(rows: Span): void
  onRead(report: ReadReport): void
  onError(error: Error): void
}

interface InFlightRead {
  range: CellRange
  controller: AbortController
}

const overlaps = (a: Span, b: Span): boolean => a[0] < b[1] && b[0] < a[1]
const intersects = (a: CellRange, b: CellRange): boolean => overlaps(a.rows, b.rows) && overlaps(a.columns, b.columns)
const grow = ([start, stop]: Span, step: number, count: number): Span => [
  Math.max(0, Math.floor(start / step) * step),
  Math.min(count, Math.ceil(stop / step) * step),
]
const isAbort = (error: unknown): boolean =>
  error instanceof Error && ((error as Error & { code?: unknown }).code === 'ABORTED' || error.name === 'AbortError')

/** Reads blocks into the cache. One request is in flight, and aborted when obsolete; the newest waiting one wins. */
export class BlockReader {
  readonly source: GridSource
  readonly shape: BlockShape
  readonly #cache: BlockCache
  readonly #events: ReaderEvents
  readonly #prefix: string
  readonly #failed = new Set<string>()
  #request: ReadRequest | null = null
  #inFlight: InFlightRead | null = null
  #closed = false

  constructor(source: GridSource, cache: BlockCache, events: ReaderEvents) {
    this.source = source
    this.#cache = cache
    this.#events = events
    this.shape = blockShape(source.dtype, source.columns)
    this.#prefix = keyPrefix(source)
  }

  block(row: number, column: number): GridBlock | undefined {
    return this.#cache.get(this.#keyOf(row, column))
  }

  hasFailed(row: number, column: number): boolean {
    return this.#failed.size > 0 && this.#failed.has(this.#keyOf(row, column))
  }

  /** Reads what is missing of a request. Failed blocks are read again when the needed blocks change. */
  request(request: ReadRequest): void {
    if (this.#closed) return
    if (this.#failed.size > 0 && (this.#request === null || !this.#sameBlocks(request.needed, this.#request.needed))) {
      this.#failed.clear()
    }
    this.#request = request
    if (this.#inFlight !== null) {
      const wanted =
        intersects(this.#inFlight.range, request.needed) ||
        (request.prefetch !== null && intersects(this.#inFlight.range, request.prefetch.range))
      if (wanted) return
      this.#inFlight.controller.abort()
      this.#inFlight = null
    }
    this.#readNext()
  }

  close(): void {
    this.#closed = true
    this.#inFlight?.controller.abort()
    this.#inFlight = null
  }

  #keyOf(row: number, column: number): string {
    return `${this.#prefix}${Math.floor(row / this.shape.rows)},${Math.floor(column / this.shape.columns)}`
  }

  #toBlocks({ rows, columns }: CellRange): CellRange {
    const { shape, source } = this
    return { rows: grow(rows, shape.rows, source.rows), columns: grow(columns, shape.columns, source.columns) }
  }

  #sameBlocks(a: CellRange, b: CellRange): boolean {
    const one = this.#toBlocks(a)
    const other = this.#toBlocks(b)
    return String([one.rows, one.columns]) === String([other.rows, other.columns])
  }

  /** Returns the smallest rectangle around the missing blocks, failed ones excepted; null when none is missing. */
  #missingIn(range: CellRange): CellRange | null {
    const { rows, columns } = this.#toBlocks(range)
    let top = Infinity
    let bottom = -Infinity
    let left = Infinity
    let right = -Infinity
    for (let row = rows[0]; row < rows[1]; row += this.shape.rows) {
      for (let column = columns[0]; column < columns[1]; column += this.shape.columns) {
        const key = this.#keyOf(row, column)
        if (this.#cache.has(key) || this.#failed.has(key)) continue
        top = Math.min(top, row)
        bottom = Math.max(bottom, row + 1)
        left = Math.min(left, column)
        right = Math.max(right, column + 1)
      }
    }
    return top > bottom ? null : this.#toBlocks({ rows: [top, bottom], columns: [left, right] })
  }

  #nextRange(): CellRange | null {
    if (this.#request === null) return null
    const missing = this.#missingIn(this.#request.needed)
    const due =
      this.#request.prefetch !== null &&
      (missing !== null || this.#missingIn(this.#request.prefetch.threshold) !== null)
    const prefetch = due ? this.#missingIn(this.#request.prefetch!.range) : null
    if (missing === null || prefetch === null) return missing ?? prefetch
    // Read both at once where they touch.
    const touching = prefetch.rows[0] <= missing.rows[1] && missing.rows[0] <= prefetch.rows[1]
    if (!touching) return missing
    return {
      rows: [Math.min(missing.rows[0], prefetch.rows[0]), Math.max(missing.rows[1], prefetch.rows[1])],
      columns: [Math.min(missing.columns[0], prefetch.columns[0]), Math.max(missing.columns[1], prefetch.columns[1])],
    }
  }

  #readNext(): void {
    const range = this.#nextRange()
    if (range === null) return
    const columns = range.columns[1] - range.columns[0]
    const rows = Math.max(1, Math.floor(MAX_READ_ELEMENTS / columns / this.shape.rows)) * this.shape.rows
    const bounded: CellRange = {
      rows: [range.rows[0], Math.min(range.rows[1], range.rows[0] + rows)],
      columns: range.columns,
    }
    const inFlight: InFlightRead = { range: bounded, controller: new AbortController() }
    this.#inFlight = inFlight
    void this.#read(inFlight)
  }

  async #read(inFlight: InFlightRead): Promise<void> {
    const { rows, columns } = inFlight.range
    const start = performance.now()
    try {
      const answer = this.source.read(rows, columns, inFlight.controller.signal)
      const window = answer instanceof Promise ? await answer : answer
      // The source of the newer generation is on its way; these elements have no place in the current one.
      if (window.generation !== this.source.generation) this.#fail(inFlight.range)
      else {
        const blocks = cutWindow(window, this.shape, this.source)
        for (const block of blocks) this.#cache.put(this.#keyOf(block.rows[0], block.columns[0]), block)
        // Don't request again what a reply leaves out: it would be requested forever.
        if (window.rows[1] < rows[1] || blocks.length === 0) this.#fail(inFlight.range)
        if (!this.#closed) {
          const milliseconds = performance.now() - start
          this.#events.onRead({
            milliseconds,
            bytes: window.data.byteLength,
            rows: window.rows,
            columns: window.columns,
          })
          this.#events.onBlocks(window.rows)
        }
      }
    } catch (error) {
      if (this.#inFlight === inFlight && !isAbort(error)) {
        this.#fail(inFlight.range)
        if (this.#request !== null && intersects(inFlight.range, this.#request.needed)) {
          this.#events.onError(error instanceof Error ? error : new Error(String(error)))
        }
        this.#events.onBlocks(rows)
      }
    }
    if (this.#inFlight !== inFlight) return
    this.#inFlight = null
    if (!this.#closed) this.#readNext()
  }

  #fail({ rows, columns }: CellRange): void {
    for (let row = rows[0]; row < rows[1]; row += this.shape.rows) {
      for (let column = columns[0]; column < columns[1]; column += this.shape.columns) {
        const key = this.#keyOf(row, column)
        if (!this.#cache.has(key)) this.#failed.add(key)
      }
    }
  }
}
