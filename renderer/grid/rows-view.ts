import type { GridBlock } from './blocks.ts'
import { indexIn, rowNumbersIn } from './blocks.ts'
import { capacityOf, truncate, paddingOf } from './column-widths.ts'
import type { BlockReader } from './block-reader.ts'
import { rowLabel } from './row-label.ts'
import type { CellKind, GridCell } from './grid-cell.ts'
import { type PlacedColumn, PooledRow } from './pooled-row.ts'
import type { CellSelection } from './selection.ts'
import { rangeOf } from './selection.ts'
import { type ShadeRange, shadeText } from './shade.ts'
import type { RowNumbers, Span } from './grid-types.ts'

/** Pixels of the layer that holds the rows: seldom used up, and below Chromium's limit of 2^25 device pixels. */
const LAYER_HEIGHT = 131_072
/** Time without scrolling after which the rows are put in document order, milliseconds. */
const REST_MS = 150
const FAILED_TEXT = '—'

type ShadeRangeOf = (column: number) => ShadeRange | null

export class RowsView {
  readonly #body: HTMLElement
  readonly #gutter: HTMLElement
  readonly #rowHeight: number
  #pool: PooledRow[] = []
  #columns: readonly PlacedColumn[] = []
  #selected: CellSelection | null = null
  #shadeRangeOf: ShadeRangeOf = () => null
  #base = 0
  /** Pool slot of the first row when the document was last put in order; -1 when it is not. */
  #firstSlot = -1
  #sorting: ReturnType<typeof setTimeout> | undefined

  constructor(body: HTMLElement, gutter: HTMLElement, rowHeight: number) {
    this.#body = body
    this.#gutter = gutter
    this.#rowHeight = rowHeight
    for (const layer of [body, gutter]) layer.style.height = `${LAYER_HEIGHT}px`
  }

  get firstRow(): number {
    return this.#base
  }

  remove(): void {
    clearTimeout(this.#sorting)
    for (const row of this.#pool) row.remove()
  }

  forget(): void {
    for (const row of this.#pool) row.show(-1, 0)
  }

  /** Marks the rows that waited for blocks of `rows` to be written again. */
  arrived(rows: Span): void {
    for (const row of this.#pool) if (row.isIncomplete && row.row >= rows[0] && row.row < rows[1]) row.isStale = true
  }

  isWaiting(rows: Span): boolean {
    return this.#pool.some(({ isIncomplete, row }) => isIncomplete && row >= rows[0] && row < rows[1])
  }

  placeColumns(columns: readonly PlacedColumn[]): void {
    this.#columns = columns
    for (const row of this.#pool) row.assignColumns(columns)
  }

  /** Sets the range of shades of each column. Does not change rows that are already drawn. */
  shadeBy(shadeRangeOf: ShadeRangeOf): void {
    this.#shadeRangeOf = shadeRangeOf
  }

  select(selected: CellSelection | null): void {
    this.#selected = selected
    for (const row of this.#pool) this.#mark(row)
  }

  /** Draws rows with a pool of `slots`. Returns the columns that are too narrow, with the characters they need. */
  draw(rows: Span, slots: number, reader: BlockReader, characterWidth: number): ReadonlyMap<number, number> {
    this.#growTo(slots)
    this.#moveBase(rows)
    const tooLong = new Map<number, number>()
    for (let row = rows[0]; row < rows[1]; row++) {
      const pooled = this.#pool[row % this.#pool.length]!
      const isFresh = pooled.row !== row
      pooled.show(row, (row - this.#base) * this.#rowHeight)
      if (isFresh || pooled.isStale) this.#write(pooled, reader, characterWidth, tooLong)
    }
    this.#sortSoon(rows[0])
    return tooLong
  }

  /** Puts resting rows in document order, which screen readers follow. Moving elements costs layouts. */
  #sortSoon(firstRow: number): void {
    const firstSlot = firstRow % this.#pool.length
    if (firstSlot === this.#firstSlot) return
    this.#firstSlot = firstSlot
    clearTimeout(this.#sorting)
    this.#sorting = setTimeout(() => {
      const sorted = this.#pool.toSorted((a, b) => a.row - b.row)
      this.#body.append(...sorted.map(({ element }) => element))
    }, REST_MS)
  }

  cell(row: number, column: number): GridCell | null {
    const pooled = this.#pool[row % this.#pool.length]
    const cell = pooled?.row === row ? pooled.cells[column - (this.#columns[0]?.index ?? 0)] : undefined
    return cell?.column === column ? cell : null
  }

  #growTo(slots: number): void {
    if (this.#pool.length >= slots) return
    while (this.#pool.length < slots) {
      const row = new PooledRow(this.#body, this.#gutter, this.#rowHeight)
      row.assignColumns(this.#columns)
      this.#pool.push(row)
    }
    // With another number of slots, rows move to other slots.
    this.forget()
    this.#firstSlot = -1
  }

  #moveBase([start, stop]: Span): void {
    const layerRows = Math.floor(LAYER_HEIGHT / this.#rowHeight)
    if (start >= this.#base && stop <= this.#base + layerRows) return
    this.#base = Math.max(0, start - Math.floor(layerRows / 2))
    this.forget()
  }

  #write(pooled: PooledRow, reader: BlockReader, characterWidth: number, tooLong: Map<number, number>): void {
    const { source } = reader
    const { row } = pooled
    let block: GridBlock | undefined
    let numbers: RowNumbers | null = null
    let isMissing = false
    for (let at = 0; at < this.#columns.length; at++) {
      const { index, width } = this.#columns[at]!
      if (block === undefined || index >= block.columns[1]) {
        block = reader.block(row, index)
        if (block !== undefined) numbers ??= rowNumbersIn(block, row)
      }
      let text = ''
      let kind: CellKind = 'pending'
      let background = ''
      if (block !== undefined) {
        const element = indexIn(block, row, index)
        const whole = source.cellText(block.data, element)
        const capacity = capacityOf(width, characterWidth)
        if (whole.length > capacity) tooLong.set(index, Math.max(whole.length, tooLong.get(index) ?? 0))
        text = truncate(whole, capacity)
        kind = source.cellKind(block.data, element)
        const range = numbers?.logical === null ? null : this.#shadeRangeOf(index)
        if (range !== null) background = shadeText(source.shadedNumber(block.data, element), range)
      } else {
        isMissing = true
        if (reader.hasFailed(row, index)) {
          text = FAILED_TEXT
          kind = 'failed'
        }
      }
      pooled.cells[at]!.write(text, kind, paddingOf(width, text.length, characterWidth), background)
    }
    pooled.isIncomplete = isMissing
    pooled.isStale = false
    pooled.writeLabel(rowLabel(source, row, numbers))
    this.#mark(pooled)
  }

  #mark(pooled: PooledRow): void {
    if (pooled.row === -1) return
    const range = this.#selected === null ? null : rangeOf(this.#selected)
    const inRows = range !== null && pooled.row >= range.rows[0] && pooled.row < range.rows[1]
    for (const cell of pooled.cells) {
      cell.markSelected(inRows && cell.column >= range.columns[0] && cell.column < range.columns[1])
    }
    pooled.markCurrent(this.#selected?.cursor.row === pooled.row)
  }
}
