import { charactersOf, MAX_COLUMN_WIDTH, MIN_COLUMN_WIDTH, widthOf } from './column-widths.ts'
import { ColumnSamples } from './column-samples.ts'
import { ColumnLayout } from './column-layout.ts'
import { HeaderPool } from './header-pool.ts'
import type { PlacedColumn } from './pooled-row.ts'
import type { ShadeRange } from './shade.ts'
import type { GridSource } from './grid-types.ts'

const MAX_ARRAYS = 64

/** Returns a layout with columns of one width, except those that the user resized. */
function resizedLayout(count: number, width: number, resized: Record<number, number>): ColumnLayout {
  const layout = new ColumnLayout(count, width)
  for (const [column, pixels] of Object.entries(resized)) layout.resize(Number(column), pixels)
  return layout
}

interface ArrayColumns {
  layout: ColumnLayout
  sampled: boolean
  resized: Record<number, number>
}

export class ColumnsView {
  shown: readonly PlacedColumn[] = []
  /** Left edge of the moving layers, in pixels from the start of the first column. */
  origin = 0
  readonly #headers: HeaderPool
  readonly #layers: readonly HTMLElement[]
  /** Width of every column; undefined when it follows the dtype and the texts. */
  readonly #width: number | undefined
  readonly #known = new Map<string, ArrayColumns>()
  #source: GridSource
  #columns: ArrayColumns
  #characterWidth: number
  #isPlaced = false
  readonly #samples: ColumnSamples
  readonly #histograms: boolean
  #isShaded = false

  /** `headers` and `rows` are the layers that move sideways. `onSamples` is called when more ranges are known. */
  constructor(
    { headers, rows }: { headers: HTMLElement; rows: HTMLElement },
    { columnWidth, histograms }: { columnWidth: number | undefined; histograms: boolean },
    characterWidth: number,
    source: GridSource,
    onSamples: () => void,
  ) {
    this.#headers = new HeaderPool(headers)
    this.#layers = [headers, rows]
    this.#width = columnWidth
    this.#characterWidth = characterWidth
    this.#source = source
    this.#columns = this.#columnsOf(source)
    this.#histograms = histograms
    this.#samples = new ColumnSamples(source, () => {
      this.#placeHeaders()
      onSamples()
    })
  }

  close(): void {
    this.#samples.close()
  }

  get layout(): ColumnLayout {
    return this.#columns.layout
  }

  get wantsSample(): boolean {
    return !this.#columns.sampled
  }

  show(source: GridSource): void {
    if (source !== this.#source) this.#samples.show(source)
    this.#source = source
    this.#columns = this.#columnsOf(source)
    this.#isPlaced = false
  }

  setCharacterWidth(width: number): void {
    this.#characterWidth = width
    this.#known.clear()
    this.show(this.#source)
  }

  /** Sizes all columns for these texts. Keeps the first column in view. */
  sample(texts: readonly string[]): void {
    const { dtype, columns: count } = this.#source
    const width = widthOf(charactersOf(dtype, texts, count), this.#characterWidth)
    const layout = resizedLayout(count, width, this.#columns.resized)
    layout.place(this.layout.viewWidth, layout.startOf(this.layout.inView()[0]))
    Object.assign(this.#columns, { layout, sampled: true })
    this.#isPlaced = false
  }

  /** Widens columns for longer texts, except those that the user resized. Returns whether a width changed. */
  grow(tooLong: ReadonlyMap<number, number>): boolean {
    if (this.#width !== undefined) return false
    const growing = [...tooLong].filter(([column]) => !(column in this.#columns.resized))
    for (const [column, characters] of growing) this.layout.resize(column, widthOf(characters, this.#characterWidth))
    if (growing.length > 0) this.#isPlaced = false
    return growing.length > 0
  }

  resize(column: number, width: number): void {
    const fitting = Math.round(Math.min(MAX_COLUMN_WIDTH, Math.max(MIN_COLUMN_WIDTH, width)))
    this.#columns.resized[column] = fitting
    this.layout.resize(column, fitting)
    this.#isPlaced = false
  }

  fit(column: number, texts: readonly string[]): void {
    this.resize(column, widthOf(charactersOf(this.#source.dtype, texts, column + 1), this.#characterWidth))
    delete this.#columns.resized[column]
  }

  /** Returns the column whose right edge lies within `reach` pixels of `x` in the header; -1 for none. */
  edgeAt(x: number, reach: number): number {
    for (const { index, left, width } of this.shown) {
      if (Math.abs(this.origin + left + width - this.layout.offset - x) <= reach) return index
    }
    return -1
  }

  shade(isShaded: boolean): void {
    this.#isShaded = isShaded
    this.#requestSamples()
  }

  range(column: number): ShadeRange | null {
    return this.#samples.range(column)
  }

  mark(column: number): void {
    this.#headers.mark(column)
  }

  /** Updates the headers. Returns whether the columns in view or their widths changed. */
  draw(): boolean {
    const { layout } = this
    const [start, stop] = layout.inView()
    const first = this.shown[0]?.index ?? 0
    if (this.#isPlaced && start === first && stop - start === this.shown.length) return false
    this.#isPlaced = true
    this.origin = layout.startOf(start)
    this.shown = Array.from({ length: stop - start }, (_, at) => {
      const index = start + at
      return { index, left: layout.startOf(index) - this.origin, width: layout.widthOf(index) }
    })
    const width = Math.ceil(layout.startOf(stop) - this.origin)
    for (const layer of this.#layers) layer.style.width = `${width}px`
    this.#placeHeaders()
    this.#requestSamples()
    return true
  }

  #placeHeaders(): void {
    this.#headers.place(this.shown, column => (this.#histograms ? this.#samples.path(column) : ''))
  }

  #requestSamples(): void {
    const [first] = this.shown
    if (first === undefined || !(this.#histograms || this.#isShaded)) return
    this.#samples.request([first.index, first.index + this.shown.length])
  }

  #columnsOf({ layoutKey, dtype, columns: count, resized = {} }: GridSource): ArrayColumns {
    const before = this.#known.get(layoutKey)
    if (before?.layout.count === count) return before
    const usual = widthOf(charactersOf(dtype, [], count), this.#characterWidth)
    const columns = {
      layout: resizedLayout(count, this.#width ?? usual, resized),
      sampled: this.#width !== undefined,
      resized,
    }
    this.#known.delete(layoutKey)
    this.#known.set(layoutKey, columns)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ARRAYS) break
      this.#known.delete(oldest)
    }
    return columns
  }
}
