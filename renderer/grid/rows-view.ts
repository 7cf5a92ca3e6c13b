import type { Block } from './blocks.ts'
import { indexIn, rowNumbersIn } from './blocks.ts'
import { capacityOf, cut, paddingOf } from './column-widths.ts'
import type { BlockReader } from './reader.ts'
import { rowLabel } from './row-label.ts'
import type { Cell, CellLook, PlacedColumn } from './row-pool.ts'
import { PooledRow } from './row-pool.ts'
import type { Selected } from './selection.ts'
import { rangeOf } from './selection.ts'
import { type ShadeRange, shadeText } from './shade.ts'
import type { RowNumbers, Span } from './types.ts'

/**
 * The layer that holds the rows is this high, pixels: far more than any screen, so that hardly a step reaches its end,
 * and far less than Chromium's 2^25 device pixels.
 */
const LAYER_HEIGHT = 131_072
const FAILED_TEXT = '—'

/** The range that a column's shades tell apart; null for none. */
type ShadeRangeOf = (column: number) => ShadeRange | null

/** A fixed pool of recycled rows, drawn from what a reader has read. */
export class RowsView {
  private readonly body: HTMLElement
  private readonly gutter: HTMLElement
  private readonly id: string
  private readonly rowHeight: number
  private pool: PooledRow[] = []
  private columns: readonly PlacedColumn[] = []
  private selected: Selected | null = null
  private shadeRangeOf: ShadeRangeOf = () => null
  private base = 0

  constructor(body: HTMLElement, gutter: HTMLElement, id: string, rowHeight: number) {
    this.body = body
    this.gutter = gutter
    this.id = id
    this.rowHeight = rowHeight
    for (const layer of [body, gutter]) layer.style.height = `${LAYER_HEIGHT}px`
  }

  /** The row at the layer's top. */
  get firstRow(): number {
    return this.base
  }

  remove(): void {
    for (const row of this.pool) row.remove()
  }

  /** Everything is written anew when it is drawn next. */
  forget(): void {
    for (const row of this.pool) row.show(-1, 0)
  }

  /** Rows whose cells were waiting for blocks of `rows` are written again when they are drawn next. */
  arrived(rows: Span): void {
    for (const row of this.pool) if (row.incomplete && row.row >= rows[0] && row.row < rows[1]) row.stale = true
  }

  /** Whether a row of `rows` has cells that were not read yet. */
  isWaiting(rows: Span): boolean {
    return this.pool.some(({ incomplete, row }) => incomplete && row >= rows[0] && row < rows[1])
  }

  /** Shows other columns, or the same ones in other widths. */
  placeColumns(columns: readonly PlacedColumn[]): void {
    this.columns = columns
    for (const row of this.pool) row.place(columns)
  }

  /** Shades numbers by the range of their column. Rows that are drawn already are not changed. */
  shadeBy(shadeRangeOf: ShadeRangeOf): void {
    this.shadeRangeOf = shadeRangeOf
  }

  select(selected: Selected | null): void {
    this.selected = selected
    for (const row of this.pool) this.mark(row)
  }

  /**
   * Draws rows with a pool of `slots`. Returns the columns that are too narrow for a text, and how many characters it
   * has.
   */
  draw(rows: Span, slots: number, reader: BlockReader, characterWidth: number): ReadonlyMap<number, number> {
    this.growTo(slots)
    this.moveBase(rows)
    const tooLong = new Map<number, number>()
    for (let row = rows[0]; row < rows[1]; row++) {
      const pooled = this.pool[row % this.pool.length]!
      const isFresh = pooled.row !== row
      pooled.show(row, (row - this.base) * this.rowHeight)
      if (isFresh || pooled.stale) this.write(pooled, reader, characterWidth, tooLong)
    }
    return tooLong
  }

  /** A cell that is drawn; null for one that isn't. */
  cell(row: number, column: number): Cell | null {
    const pooled = this.pool[row % this.pool.length]
    const cell = pooled?.row === row ? pooled.cells[column - (this.columns[0]?.index ?? 0)] : undefined
    return cell?.column === column ? cell : null
  }

  private growTo(slots: number): void {
    if (this.pool.length >= slots) return
    while (this.pool.length < slots) {
      const row = new PooledRow(this.body, this.gutter, `${this.id}-row-${this.pool.length}`, this.rowHeight)
      row.place(this.columns)
      this.pool.push(row)
    }
    // Another number of slots puts the rows into other ones.
    this.forget()
  }

  private moveBase([start, stop]: Span): void {
    const layerRows = Math.floor(LAYER_HEIGHT / this.rowHeight)
    if (start >= this.base && stop <= this.base + layerRows) return
    this.base = Math.max(0, start - Math.floor(layerRows / 2))
    this.forget()
  }

  private write(pooled: PooledRow, reader: BlockReader, characterWidth: number, tooLong: Map<number, number>): void {
    const { source } = reader
    const { row } = pooled
    let block: Block | undefined
    let numbers: RowNumbers | null = null
    let isMissing = false
    for (let at = 0; at < this.columns.length; at++) {
      const { index, width } = this.columns[at]!
      if (block === undefined || index >= block.columns[1]) {
        block = reader.block(row, index)
        if (block !== undefined) numbers ??= rowNumbersIn(block, row)
      }
      let text = ''
      let look: CellLook = 'pending'
      let background = ''
      if (block !== undefined) {
        const element = indexIn(block, row, index)
        const whole = source.cellText(block.data, element)
        const capacity = capacityOf(width, characterWidth)
        if (whole.length > capacity) tooLong.set(index, Math.max(whole.length, tooLong.get(index) ?? 0))
        text = cut(whole, capacity)
        look = source.cellKind(block.data, element)
        const range = numbers?.logical === null ? null : this.shadeRangeOf(index)
        if (range !== null) background = shadeText(source.shadedNumber(block.data, element), range)
      } else {
        isMissing = true
        if (reader.hasFailed(row, index)) {
          text = FAILED_TEXT
          look = 'failed'
        }
      }
      pooled.cells[at]!.write(text, look, paddingOf(width, text.length, characterWidth), background)
    }
    pooled.incomplete = isMissing
    pooled.stale = false
    pooled.writeLabel(rowLabel(source.view, row, numbers, source.deletedRows > 0))
    this.mark(pooled)
  }

  /** Tells a row's cells and header whether they are selected. */
  private mark(pooled: PooledRow): void {
    if (pooled.row === -1) return
    const range = this.selected === null ? null : rangeOf(this.selected)
    const inRows = range !== null && pooled.row >= range.rows[0] && pooled.row < range.rows[1]
    for (const cell of pooled.cells) {
      cell.select(inRows && cell.column >= range.columns[0] && cell.column < range.columns[1])
    }
    pooled.markCurrent(this.selected?.cursor.row === pooled.row)
  }
}
