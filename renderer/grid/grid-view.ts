import { BlockCache, keyPrefix, rowNumbersIn } from './blocks.ts'
import { cellTexts } from './cell-texts.ts'
import type { ColumnLayout } from './columns.ts'
import { ColumnsView } from './columns-view.ts'
import { CursorView } from './cursor-view.ts'
import type { GridElements, GridMetrics, GridViewEvents } from './grid-parts.ts'
import { gutterWidths } from './gutter.ts'
import { type Ahead, LookAhead, mostRowsToDraw, rowsToDraw, wishOf } from './look-ahead.ts'
import type { Extent, Position } from './position.ts'
import { atFraction, atRow, clamp, moveBy, reveal, rowsInFullView, rowsInView, TOP } from './position.ts'
import { moveLayers } from './move-layers.ts'
import { BlockReader } from './reader.ts'
import { RowsView } from './rows-view.ts'
import { horizontalState, verticalState } from './scrollbar-states.ts'
import { ScrollbarView } from './scrollbar-view.ts'
import { fitSelection, moveSelection, sameSelected, selectCell } from './selection.ts'
import type { Selected, SelectionMove, Size } from './selection.ts'
import type { Shading } from './shade.ts'
import type { CellPosition, GridSource, RowNumbers, Span } from './types.ts'
import { WaitingMark } from './waiting-mark.ts'

const FIRST_CELL: CellPosition = { row: 0, column: 0 }
/** A character of the cells' font before it was measured, pixels. */
const USUAL_CHARACTER_WIDTH = 7.2

/** Draws a source into a fixed pool of elements, and moves the pool. Everything that changes while scrolling happens here. */
export class GridView {
  private readonly elements: GridElements
  private readonly events: GridViewEvents
  private readonly metrics: GridMetrics
  private readonly cache = new BlockCache()
  private readonly rows: RowsView
  private readonly columns: ColumnsView
  private readonly cursor: CursorView
  private readonly vertical: ScrollbarView
  private readonly horizontal: ScrollbarView
  private readonly waiting: WaitingMark
  private readonly lookAhead = new LookAhead()
  private readonly controller = new AbortController()
  private source: GridSource
  private reader: BlockReader
  private position: Position = TOP
  private selected: Selected | null = null
  private width = 0
  private height = 0
  private gutterWidth = 0
  private characterWidth = USUAL_CHARACTER_WIDTH
  private isAsking = false
  private frameRequest = 0
  private topRowSent = -1
  private shading: Shading = null

  constructor(elements: GridElements, metrics: GridMetrics, source: GridSource, id: string, events: GridViewEvents) {
    this.elements = elements
    this.metrics = metrics
    this.events = events
    this.source = source
    this.reader = this.newReader(source)
    this.rows = new RowsView(elements.rows, elements.gutter, id, metrics.rowHeight)
    this.columns = new ColumnsView(elements, metrics, this.characterWidth, source, () => this.onSamples())
    this.cursor = new CursorView(elements, id)
    this.waiting = new WaitingMark(elements.body)
    const { signal } = this.controller
    this.vertical = new ScrollbarView(
      elements.vertical.track,
      elements.vertical.thumb,
      { onDrag: (fraction, steps) => this.dragTo(fraction, steps), onPage: direction => this.page(direction) },
      signal,
    )
    this.horizontal = new ScrollbarView(
      elements.horizontal.track,
      elements.horizontal.thumb,
      {
        onDrag: fraction => this.scrollTo(this.position, this.layout.end * fraction),
        onPage: direction => this.scrollBy(direction * this.viewWidth, 0),
      },
      signal,
    )
    elements.headers.style.height = `${metrics.headerHeight}px`
    elements.frame.style.setProperty('--header-height', `${metrics.headerHeight}px`)
  }

  destroy(): void {
    this.controller.abort()
    this.reader.close()
    this.columns.close()
    cancelAnimationFrame(this.frameRequest)
    this.waiting.clear()
    this.rows.remove()
    this.elements.headers.replaceChildren()
  }

  get extent(): Extent {
    return {
      rows: this.source.rows,
      rowHeight: this.metrics.rowHeight,
      viewHeight: Math.max(0, this.height - this.metrics.headerHeight - this.metrics.barHeight),
    }
  }

  get viewWidth(): number {
    return Math.max(0, this.width - this.gutterWidth - this.metrics.barWidth)
  }

  get size(): Size {
    return { rows: this.source.rows, columns: this.source.columns }
  }

  get selection(): Selected | null {
    return this.selected
  }

  get topRow(): number {
    return this.position.row
  }

  /** Shows another source: at `place`, or where the grid stands when it is the same place in the array's new generation. */
  setSource(source: GridSource, place: CellPosition | undefined): void {
    const before = this.source
    this.reader.close()
    this.source = source
    this.reader = this.newReader(source)
    this.columns.show(source)
    const sameKey = before.key === source.key && before !== source
    if (sameKey) {
      if (before.generation !== source.generation) this.cache.drop(keyPrefix(before, before.generation))
      this.position = clamp(this.position, this.extent)
      this.select(this.selected === null ? selectCell(FIRST_CELL, this.size) : fitSelection(this.selected, this.size))
    } else {
      const start = place ?? FIRST_CELL
      this.position = atRow(start.row, this.extent)
      this.selected = null
      this.select(selectCell(start, this.size))
      this.lookAhead.reset()
    }
    this.topRowSent = -1
    this.rows.forget()
    this.sizeGutter()
    this.scrollToX(this.layout.offset)
    if (!sameKey) this.revealCursorColumn()
    this.sampleWidths()
    this.render()
  }

  /** Shades the cells otherwise. */
  setShading(shading: Shading): void {
    if (shading === this.shading) return
    this.shading = shading
    this.rows.shadeBy(shading === 'column' ? column => this.columns.range(column) : () => shading)
    this.columns.shade(shading === 'column')
    this.rows.forget()
    this.schedule()
  }

  /** The frame's size in pixels, scrollbars and header included. */
  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return
    const isFirst = this.width === 0
    this.width = width
    this.height = height
    this.vertical.resize(Math.max(0, height - this.metrics.headerHeight - this.metrics.barHeight))
    this.horizontal.resize(this.viewWidth)
    if (isFirst) this.revealCursorColumn()
    this.render()
  }

  /** The width of a character of the cells' font, pixels. */
  setCharacterWidth(width: number): void {
    if (width === this.characterWidth) return
    this.characterWidth = width
    this.columns.setCharacterWidth(width)
    this.sampleWidths()
    this.sizeGutter()
    this.rows.forget()
    this.render()
  }

  scrollBy(pixelsX: number, pixelsY: number): void {
    this.scrollToX(this.layout.offset + pixelsX)
    this.position = moveBy(this.position, pixelsY, this.extent)
    this.schedule()
  }

  scrollTo(position: Position, x: number): void {
    this.position = clamp(position, this.extent)
    this.scrollToX(x)
    this.schedule()
  }

  /** Moves to a fraction of all rows, as dragging the scrollbar does. */
  dragTo(fraction: number, steps: number): void {
    this.position = atFraction(fraction, this.extent, steps)
    this.schedule()
  }

  page(direction: -1 | 1): void {
    const { rowHeight, viewHeight } = this.extent
    this.scrollBy(0, direction * Math.max(rowHeight, viewHeight - rowHeight))
  }

  /** Selects a cell and shows it; drawn at once. */
  goTo(row: number, column: number, align: 'start' | 'nearest'): void {
    if (this.source.rows === 0 || this.source.columns === 0) return
    this.select(selectCell({ row, column }, this.size))
    if (align === 'start') this.position = atRow(this.selected!.cursor.row, this.extent)
    this.revealCursor()
    this.render()
  }

  /** Moves the selection and shows its cursor. `scroll` moves the viewport first, in rows. */
  move(move: SelectionMove, scroll = 0): void {
    if (this.selected === null) return
    this.select(moveSelection(this.selected, move, this.size))
    if (move.type !== 'all' && move.type !== 'collapse') {
      if (scroll !== 0) this.position = moveBy(this.position, scroll * this.metrics.rowHeight, this.extent)
      this.revealCursor()
    }
    this.schedule()
  }

  /** The cell at a place of the body in pixels; the nearest one outside of it. */
  cellAt(x: number, y: number): CellPosition {
    const { rowHeight, viewHeight } = this.extent
    const inX = Math.min(Math.max(0, x), Math.max(0, this.viewWidth - 1))
    const inY = Math.min(Math.max(0, y), Math.max(0, viewHeight - 1))
    return {
      row: this.position.row + Math.floor((this.position.offset + inY) / rowHeight),
      column: this.layout.columnAt(this.layout.offset + inX),
    }
  }

  /** The column whose right edge lies within `reach` pixels of a place of the header; -1 for none. */
  edgeAt(x: number, reach: number): number {
    return this.columns.edgeAt(x, reach)
  }

  columnWidth(column: number): number {
    return this.layout.widthOf(column)
  }

  /** Gives a column a width that stays. */
  resizeColumn(column: number, width: number): void {
    this.columns.resize(column, width)
    this.schedule()
  }

  /** Makes a column as wide as the texts that it shows need. */
  fitColumn(column: number): void {
    this.columns.fit(column, this.textsInView([column, column + 1]))
    this.schedule()
  }

  /** Numbers of a row whose block is cached. */
  rowNumbers(row: number): RowNumbers | null {
    if (row < 0 || row >= this.source.rows) return null
    if (this.source.deletedRows === 0) return { logical: row, physical: row }
    const block = this.reader.block(row, this.columns.shown[0]?.index ?? 0)
    return block === undefined ? null : rowNumbersIn(block, row)
  }

  /** Rows and columns in full view, as they are drawn. */
  fullView(): { rows: Span; columns: Span } {
    return { rows: rowsInFullView(this.position, this.extent), columns: this.layout.inFullView() }
  }

  /** The text that a cell shows: '' while it was not read, null when it is not drawn. */
  shownText(row: number, column: number): string | null {
    const cell = this.rows.cell(row, column)
    return cell === null ? null : cell.look === 'pending' ? '' : cell.shown
  }

  /** Draws in the next frame. */
  schedule(): void {
    if (this.frameRequest === 0) this.frameRequest = requestAnimationFrame(() => this.render())
  }

  /** Draws now. */
  render(): void {
    cancelAnimationFrame(this.frameRequest)
    this.frameRequest = 0
    if (this.width === 0 || this.height === 0) return
    const { extent, layout } = this
    this.position = clamp(this.position, extent)
    this.scrollToX(layout.offset)
    const ahead = this.lookAhead.follow(this.position, extent, layout.offset, this.viewWidth)
    // Asked for before anything is drawn: the host works meanwhile.
    this.isAsking = true
    this.reader.want(wishOf(this.position, extent, layout, ahead))
    this.isAsking = false
    this.drawCells(ahead)
    this.waiting.update(this.rows.isWaiting(rowsInView(this.position, this.extent)))
    this.moveLayers()
    this.placeCursor()
    this.vertical.update(verticalState(this.position, extent))
    this.horizontal.update(horizontalState(layout, this.viewWidth))
    if (this.topRowSent !== this.position.row) {
      this.topRowSent = this.position.row
      this.events.onTopRow(this.position.row)
    }
  }

  private get layout(): ColumnLayout {
    return this.columns.layout
  }

  private scrollToX(x: number): void {
    this.layout.place(this.viewWidth, x)
  }

  private newReader(source: GridSource): BlockReader {
    return new BlockReader(source, this.cache, {
      onBlocks: rows => this.onBlocks(rows),
      onRead: report => this.events.onRead(report),
      onError: error => this.events.onError(error),
    })
  }

  private sizeGutter(): void {
    const { gutter, onDisk } = gutterWidths(this.source, this.characterWidth)
    const { style } = this.elements.frame
    style.setProperty('--on-disk-width', `${onDisk}px`)
    style.setProperty('--gutter-width', `${gutter}px`)
    this.gutterWidth = gutter
    this.horizontal.resize(this.viewWidth)
  }

  private select(selected: Selected | null): void {
    if (sameSelected(this.selected, selected)) return
    this.selected = selected
    this.rows.select(selected)
    this.columns.mark(selected?.cursor.column ?? -1)
    this.events.onSelection(selected)
  }

  private revealCursor(): void {
    this.position = reveal(this.position, this.selected!.cursor.row, this.extent)
    this.revealCursorColumn()
  }

  private revealCursorColumn(): void {
    if (this.selected !== null) this.scrollToX(this.layout.revealing(this.selected.cursor.column))
  }

  private onBlocks(rows: Span): void {
    this.sampleWidths()
    this.rows.arrived(rows)
    // A source in memory answers at once: what asked is about to draw.
    if (!this.isAsking) this.render()
  }

  private onSamples(): void {
    if (this.shading !== 'column') return
    this.rows.forget()
    this.schedule()
  }

  private textsInView(columns: Span): string[] {
    return cellTexts(this.source, this.reader, rowsInView(this.position, this.extent), columns)
  }

  /** Gives the columns the width that the first texts on screen need, once. */
  private sampleWidths(): void {
    if (!this.columns.wantsSample) return
    this.scrollToX(this.layout.offset)
    const texts = this.textsInView(this.layout.inView())
    if (texts.length === 0) return
    this.columns.sample(texts)
    this.revealCursorColumn()
    // Other columns may be in view now.
    this.schedule()
  }

  private drawCells(ahead: Ahead): void {
    if (this.columns.draw()) this.rows.placeColumns(this.columns.shown)
    const rows = rowsToDraw(this.position, this.extent, ahead)
    const slots = mostRowsToDraw(this.extent)
    const tooLong = this.rows.draw(rows, slots, this.reader, this.characterWidth)
    if (!this.columns.grow(tooLong)) return
    this.columns.draw()
    this.rows.placeColumns(this.columns.shown)
    this.rows.draw(rows, slots, this.reader, this.characterWidth)
  }

  private moveLayers(): void {
    const { row, offset } = this.position
    const x = this.columns.origin - this.layout.offset
    moveLayers(this.elements, x, (this.rows.firstRow - row) * this.metrics.rowHeight - offset)
  }

  private placeCursor(): void {
    const { selected } = this
    const cell = selected && this.rows.cell(selected.cursor.row, selected.cursor.column)
    this.cursor.place(selected, cell?.element ?? null, {
      rows: rowsInView(this.position, this.extent),
      columns: this.layout,
      rowHeight: this.metrics.rowHeight,
      origin: { row: this.rows.firstRow, x: this.columns.origin },
    })
  }
}
