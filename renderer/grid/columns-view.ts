import { charactersOf, MAX_COLUMN_WIDTH, MIN_COLUMN_WIDTH, widthOf } from './column-widths.ts'
import { ColumnSamples } from './column-samples.ts'
import { ColumnLayout } from './columns.ts'
import { HeaderPool } from './header-pool.ts'
import type { PlacedColumn } from './row-pool.ts'
import type { ShadeRange } from './shade.ts'
import type { GridSource } from './types.ts'

/** Arrays whose columns are remembered. */
const MAX_ARRAYS = 64

/** How the columns of one array lie, and where their widths come from. */
interface ArrayColumns {
  layout: ColumnLayout
  /** Their width follows texts that were read. */
  sampled: boolean
  /** Columns that the user gave a width. */
  fixed: Set<number>
}

/** The columns of the array on screen: their widths, their headers, and which of them are shown. */
export class ColumnsView {
  /** The columns in view. */
  shown: readonly PlacedColumn[] = []
  /** Where the moving layers start, in pixels from the start of the first column. */
  origin = 0
  private readonly headers: HeaderPool
  private readonly layers: readonly HTMLElement[]
  /** Of every column; undefined: by dtype and texts. */
  private readonly width: number | undefined
  private readonly known = new Map<string, ArrayColumns>()
  private source: GridSource
  private columns: ArrayColumns
  private characterWidth: number
  private isPlaced = false
  private readonly samples: ColumnSamples
  private readonly histograms: boolean
  private isShaded = false

  /** `headers` and `rows` are the layers that move to the side. `onSamples`: more ranges of columns are known. */
  constructor(
    { headers, rows }: { headers: HTMLElement; rows: HTMLElement },
    { columnWidth, histograms }: { columnWidth: number | undefined; histograms: boolean },
    characterWidth: number,
    source: GridSource,
    onSamples: () => void,
  ) {
    this.headers = new HeaderPool(headers)
    this.layers = [headers, rows]
    this.width = columnWidth
    this.characterWidth = characterWidth
    this.source = source
    this.columns = this.columnsOf(source)
    this.histograms = histograms
    this.samples = new ColumnSamples(source, () => {
      this.placeHeaders()
      onSamples()
    })
  }

  /** Stops reading. */
  close(): void {
    this.samples.close()
  }

  get layout(): ColumnLayout {
    return this.columns.layout
  }

  /** Whether texts are wanted that tell how wide the columns should be. */
  get wantsSample(): boolean {
    return !this.columns.sampled
  }

  /** Shows the columns of another source, or of an array's new generation. */
  show(source: GridSource): void {
    if (source !== this.source) this.samples.show(source)
    this.source = source
    this.columns = this.columnsOf(source)
    this.isPlaced = false
  }

  /** Another font: every width is found anew. */
  setCharacterWidth(width: number): void {
    this.characterWidth = width
    this.known.clear()
    this.show(this.source)
  }

  /** Gives all columns the width that these texts need. The first column in view stays the first. */
  sample(texts: readonly string[]): void {
    const { dtype, columns: count } = this.source
    const layout = new ColumnLayout(count, widthOf(charactersOf(dtype, texts, count), this.characterWidth))
    layout.place(this.layout.viewWidth, layout.startOf(this.layout.inView()[0]))
    Object.assign(this.columns, { layout, sampled: true })
    this.isPlaced = false
  }

  /** Widens columns for texts of so many characters, but those that the user gave a width. Whether it did. */
  grow(tooLong: ReadonlyMap<number, number>): boolean {
    if (this.width !== undefined) return false
    const growing = [...tooLong].filter(([column]) => !this.columns.fixed.has(column))
    for (const [column, characters] of growing) this.layout.resize(column, widthOf(characters, this.characterWidth))
    if (growing.length > 0) this.isPlaced = false
    return growing.length > 0
  }

  /** Gives a column a width that stays. */
  resize(column: number, width: number): void {
    this.columns.fixed.add(column)
    this.layout.resize(column, Math.round(Math.min(MAX_COLUMN_WIDTH, Math.max(MIN_COLUMN_WIDTH, width))))
    this.isPlaced = false
  }

  /** Makes a column as wide as these texts need, and as longer ones will need. */
  fit(column: number, texts: readonly string[]): void {
    this.resize(column, widthOf(charactersOf(this.source.dtype, texts, column + 1), this.characterWidth))
    this.columns.fixed.delete(column)
  }

  /** The column whose right edge lies within `reach` pixels of a place of the header; -1 for none. */
  edgeAt(x: number, reach: number): number {
    for (const { index, left, width } of this.shown) {
      if (Math.abs(this.origin + left + width - this.layout.offset - x) <= reach) return index
    }
    return -1
  }

  /** Whether ranges of columns are wanted, for shades. */
  shade(isShaded: boolean): void {
    this.isShaded = isShaded
    this.wantSamples()
  }

  /** Between which numbers most of a column's are, as far as that is known. */
  range(column: number): ShadeRange | null {
    return this.samples.range(column)
  }

  /** Marks a column as the cursor's; -1 for none. */
  mark(column: number): void {
    this.headers.mark(column)
  }

  /** Brings the headers up to date. Whether other columns are shown than before, or in other widths. */
  draw(): boolean {
    const { layout } = this
    const [start, stop] = layout.inView()
    const first = this.shown[0]?.index ?? 0
    if (this.isPlaced && start === first && stop - start === this.shown.length) return false
    this.isPlaced = true
    this.origin = layout.startOf(start)
    this.shown = Array.from({ length: stop - start }, (_, at) => {
      const index = start + at
      return { index, left: layout.startOf(index) - this.origin, width: layout.widthOf(index) }
    })
    const width = Math.ceil(layout.startOf(stop) - this.origin)
    for (const layer of this.layers) layer.style.width = `${width}px`
    this.placeHeaders()
    this.wantSamples()
    return true
  }

  private placeHeaders(): void {
    this.headers.place(this.shown, column => (this.histograms ? this.samples.path(column) : ''))
  }

  private wantSamples(): void {
    const [first] = this.shown
    if (first === undefined || !(this.histograms || this.isShaded)) return
    this.samples.want([first.index, first.index + this.shown.length])
  }

  private columnsOf({ layoutKey, dtype, columns: count }: GridSource): ArrayColumns {
    const before = this.known.get(layoutKey)
    if (before?.layout.count === count) return before
    const usual = widthOf(charactersOf(dtype, [], count), this.characterWidth)
    const columns = {
      layout: new ColumnLayout(count, this.width ?? usual),
      sampled: this.width !== undefined,
      fixed: new Set<number>(),
    }
    this.known.delete(layoutKey)
    this.known.set(layoutKey, columns)
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_ARRAYS) break
      this.known.delete(oldest)
    }
    return columns
  }
}
