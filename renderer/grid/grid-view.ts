import { BlockCache, keyPrefix, rowNumbersIn } from './blocks.ts'
import { cellTexts } from './cell-texts.ts'
import type { ColumnLayout } from './column-layout.ts'
import { ColumnsView } from './columns-view.ts'
import { CursorView } from './cursor-view.ts'
import type { GridElements, GridMetrics, GridPlace, GridViewEvents } from './grid-parts.ts'
import { gutterWidths } from './gutter.ts'
import { type Movement, LookAhead, mostRowsToDraw, rowsToDraw, readRequestOf } from './look-ahead.ts'
import type { Extent, Position } from './position.ts'
import { atFraction, atRow, clamp, moveBy, reveal, rowsInFullView, rowsInView, TOP } from './position.ts'
import { moveLayers } from './move-layers.ts'
import { BlockReader } from './block-reader.ts'
import { numbersOfPosition } from './row-label.ts'
import { RowsView } from './rows-view.ts'
import { horizontalState, verticalState } from './scrollbar-states.ts'
import { ScrollbarView } from './scrollbar-view.ts'
import { fitSelection, moveSelection, isSameSelection, selectCell } from './selection.ts'
import type { CellSelection, SelectionMove, GridSize } from './selection.ts'
import type { Shading } from './shade.ts'
import type { CellPosition, GridSource, RowNumbers, Span } from './grid-types.ts'
import { WaitingMark } from './waiting-mark.ts'

const FIRST_CELL: CellPosition = { row: 0, column: 0 }
const USUAL_CHARACTER_WIDTH = 7.2

/** Draws a source into a fixed pool of elements and moves the pool. All drawing while scrolling happens here. */
export class GridView {
  readonly #elements: GridElements
  readonly #events: GridViewEvents
  readonly #metrics: GridMetrics
  readonly #cache = new BlockCache()
  readonly #rows: RowsView
  readonly #columns: ColumnsView
  readonly #cursor: CursorView
  readonly #vertical: ScrollbarView
  readonly #horizontal: ScrollbarView
  readonly #waiting: WaitingMark
  readonly #lookAhead = new LookAhead()
  readonly #controller = new AbortController()
  #source: GridSource
  #reader: BlockReader
  #position: Position = TOP
  #selected: CellSelection | null = null
  #width = 0
  #height = 0
  #gutterWidth = 0
  #characterWidth = USUAL_CHARACTER_WIDTH
  #isAsking = false
  #frameRequest = 0
  #topRowSent = -1
  #shading: Shading = null

  constructor(elements: GridElements, metrics: GridMetrics, source: GridSource, id: string, events: GridViewEvents) {
    this.#elements = elements
    this.#metrics = metrics
    this.#events = events
    this.#source = source
    this.#reader = this.#newReader(source)
    this.#rows = new RowsView(elements.rows, elements.gutter, metrics.rowHeight)
    this.#columns = new ColumnsView(elements, metrics, this.#characterWidth, source, () => this.#onSamples())
    this.#cursor = new CursorView(elements, id)
    this.#waiting = new WaitingMark(elements.body)
    const { signal } = this.#controller
    this.#vertical = new ScrollbarView(
      elements.vertical.track,
      elements.vertical.thumb,
      { onDrag: (fraction, steps) => this.dragTo(fraction, steps), onPage: direction => this.page(direction) },
      signal,
    )
    this.#horizontal = new ScrollbarView(
      elements.horizontal.track,
      elements.horizontal.thumb,
      {
        onDrag: fraction => this.scrollTo(this.#position, this.#layout.maxOffset * fraction),
        onPage: direction => this.scrollBy(direction * this.viewWidth, 0),
      },
      signal,
    )
    elements.headers.style.height = `${metrics.headerHeight}px`
    elements.frame.style.setProperty('--header-height', `${metrics.headerHeight}px`)
  }

  destroy(): void {
    this.#controller.abort()
    this.#reader.close()
    this.#columns.close()
    cancelAnimationFrame(this.#frameRequest)
    this.#waiting.clear()
    this.#rows.remove()
    this.#elements.headers.replaceChildren()
  }

  get extent(): Extent {
    return {
      rows: this.#source.rows,
      rowHeight: this.#metrics.rowHeight,
      viewHeight: Math.max(0, this.#height - this.#metrics.headerHeight - this.#metrics.barHeight),
    }
  }

  get viewWidth(): number {
    return Math.max(0, this.#width - this.#gutterWidth - this.#metrics.barWidth)
  }

  get size(): GridSize {
    return { rows: this.#source.rows, columns: this.#source.columns }
  }

  get selection(): CellSelection | null {
    return this.#selected
  }

  get place(): GridPlace {
    return { row: this.#position.row, x: this.#layout.offset, selected: this.#selected }
  }

  get topRow(): number {
    return this.#position.row
  }

  /** Shows another source: at `place`, or at the current position when it is the same array in a new generation. */
  setSource(source: GridSource, place: CellPosition | undefined): void {
    const before = this.#source
    this.#reader.close()
    this.#source = source
    this.#reader = this.#newReader(source)
    this.#columns.show(source)
    const sameKey = before.key === source.key && before !== source
    if (sameKey) {
      if (before.generation !== source.generation) this.#cache.drop(keyPrefix(before))
      this.#position = clamp(this.#position, this.extent)
      this.#select(
        this.#selected === null ? selectCell(FIRST_CELL, this.size) : fitSelection(this.#selected, this.size),
      )
    } else {
      const start = place ?? FIRST_CELL
      this.#position = atRow(start.row, this.extent)
      this.#selected = null
      this.#select(selectCell(start, this.size))
      this.#lookAhead.reset()
    }
    this.#topRowSent = -1
    this.#rows.forget()
    this.#sizeGutter()
    this.#scrollToX(this.#layout.offset)
    if (!sameKey) this.#revealCursorColumn()
    this.#sampleWidths()
    this.render()
  }

  setShading(shading: Shading): void {
    if (shading === this.#shading) return
    this.#shading = shading
    this.#rows.shadeBy(shading === 'column' ? column => this.#columns.range(column) : () => shading)
    this.#columns.shade(shading === 'column')
    this.#rows.forget()
    this.schedule()
  }

  resize(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return
    const isFirst = this.#width === 0
    this.#width = width
    this.#height = height
    this.#vertical.resize(Math.max(0, height - this.#metrics.headerHeight - this.#metrics.barHeight))
    this.#horizontal.resize(this.viewWidth)
    if (isFirst) this.#revealCursorColumn()
    this.render()
  }

  setCharacterWidth(width: number): void {
    if (width === this.#characterWidth) return
    this.#characterWidth = width
    this.#columns.setCharacterWidth(width)
    this.#sampleWidths()
    this.#sizeGutter()
    this.#rows.forget()
    this.render()
  }

  scrollBy(pixelsX: number, pixelsY: number): void {
    this.#scrollToX(this.#layout.offset + pixelsX)
    this.#position = moveBy(this.#position, pixelsY, this.extent)
    this.schedule()
  }

  scrollTo(position: Position, x: number): void {
    this.#position = clamp(position, this.extent)
    this.#scrollToX(x)
    this.schedule()
  }

  /** Shows what another view of the same cells showed. */
  showPlace({ row, x, selected }: GridPlace): void {
    if (selected !== null) this.#select(fitSelection(selected, this.size))
    this.scrollTo({ row, offset: 0 }, x)
  }

  dragTo(fraction: number, steps: number): void {
    this.#position = atFraction(fraction, this.extent, steps)
    this.schedule()
  }

  page(direction: -1 | 1): void {
    const { rowHeight, viewHeight } = this.extent
    this.scrollBy(0, direction * Math.max(rowHeight, viewHeight - rowHeight))
  }

  goTo(row: number, column: number, align: 'start' | 'nearest'): void {
    if (this.#source.rows === 0 || this.#source.columns === 0) return
    this.#select(selectCell({ row, column }, this.size))
    if (align === 'start') this.#position = atRow(this.#selected!.cursor.row, this.extent)
    this.#revealCursor()
    this.render()
  }

  move(move: SelectionMove, scroll = 0): void {
    if (this.#selected === null) return
    this.#select(moveSelection(this.#selected, move, this.size))
    if (move.type !== 'all' && move.type !== 'collapse') {
      if (scroll !== 0) this.#position = moveBy(this.#position, scroll * this.#metrics.rowHeight, this.extent)
      this.#revealCursor()
    }
    this.schedule()
  }

  cellAt(x: number, y: number): CellPosition {
    const { rowHeight, viewHeight } = this.extent
    const inX = Math.min(Math.max(0, x), Math.max(0, this.viewWidth - 1))
    const inY = Math.min(Math.max(0, y), Math.max(0, viewHeight - 1))
    return {
      row: this.#position.row + Math.floor((this.#position.offset + inY) / rowHeight),
      column: this.#layout.columnAt(this.#layout.offset + inX),
    }
  }

  edgeAt(x: number, reach: number): number {
    return this.#columns.edgeAt(x, reach)
  }

  columnWidth(column: number): number {
    return this.#layout.widthOf(column)
  }

  resizeColumn(column: number, width: number): void {
    this.#columns.resize(column, width)
    this.#events.onColumnResize()
    this.schedule()
  }

  fitColumn(column: number): void {
    this.#columns.fit(column, this.#textsInView([column, column + 1]))
    this.#events.onColumnResize()
    this.schedule()
  }

  rowNumbers(row: number): RowNumbers | null {
    if (row < 0 || row >= this.#source.rows) return null
    const { logical, physical } = numbersOfPosition(this.#source, row)
    if (logical !== undefined && physical !== undefined) return { logical, physical }
    const block = this.#reader.block(row, this.#columns.shown[0]?.index ?? 0)
    return block === undefined ? null : rowNumbersIn(block, row)
  }

  fullView(): { rows: Span; columns: Span } {
    return { rows: rowsInFullView(this.#position, this.extent), columns: this.#layout.inFullView() }
  }

  shownText(row: number, column: number): string | null {
    const cell = this.#rows.cell(row, column)
    return cell === null ? null : cell.kind === 'pending' ? '' : cell.text
  }

  schedule(): void {
    if (this.#frameRequest === 0) this.#frameRequest = requestAnimationFrame(() => this.render())
  }

  render(): void {
    cancelAnimationFrame(this.#frameRequest)
    this.#frameRequest = 0
    if (this.#width === 0 || this.#height === 0) return
    const { extent } = this
    const layout = this.#layout
    this.#position = clamp(this.#position, extent)
    this.#scrollToX(layout.offset)
    const movement = this.#lookAhead.follow(this.#position, extent, layout.offset, this.viewWidth)
    // Request before drawing, so that the host works while the grid draws.
    this.#isAsking = true
    this.#reader.request(readRequestOf(this.#position, extent, layout, movement))
    this.#isAsking = false
    this.#drawCells(movement)
    this.#waiting.update(this.#rows.isWaiting(rowsInView(this.#position, this.extent)))
    this.#moveLayers()
    this.#placeCursor()
    this.#vertical.update(verticalState(this.#position, extent))
    this.#horizontal.update(horizontalState(layout, this.viewWidth))
    if (this.#topRowSent !== this.#position.row) {
      this.#topRowSent = this.#position.row
      this.#events.onTopRow(this.#position.row)
    }
  }

  get #layout(): ColumnLayout {
    return this.#columns.layout
  }

  #scrollToX(x: number): void {
    this.#layout.place(this.viewWidth, x)
  }

  #newReader(source: GridSource): BlockReader {
    return new BlockReader(source, this.#cache, {
      onBlocks: rows => this.#onBlocks(rows),
      onRead: report => this.#events.onRead(report),
      onError: error => this.#events.onError(error),
    })
  }

  #sizeGutter(): void {
    const { gutter, onDisk } = gutterWidths(this.#source, this.#characterWidth)
    const { style } = this.#elements.frame
    style.setProperty('--on-disk-width', `${onDisk}px`)
    style.setProperty('--gutter-width', `${gutter}px`)
    this.#gutterWidth = gutter
    this.#horizontal.resize(this.viewWidth)
  }

  #select(selected: CellSelection | null): void {
    if (isSameSelection(this.#selected, selected)) return
    this.#selected = selected
    this.#rows.select(selected)
    this.#columns.mark(selected?.cursor.column ?? -1)
    this.#events.onSelection(selected)
  }

  #revealCursor(): void {
    this.#position = reveal(this.#position, this.#selected!.cursor.row, this.extent)
    this.#revealCursorColumn()
  }

  #revealCursorColumn(): void {
    if (this.#selected !== null) this.#scrollToX(this.#layout.offsetRevealing(this.#selected.cursor.column))
  }

  #onBlocks(rows: Span): void {
    this.#sampleWidths()
    this.#rows.arrived(rows)
    // A source in memory answers synchronously; the caller then draws anyway.
    if (!this.#isAsking) this.render()
  }

  #onSamples(): void {
    if (this.#shading !== 'column') return
    this.#rows.forget()
    this.schedule()
  }

  #textsInView(columns: Span): string[] {
    return cellTexts(this.#source, this.#reader, rowsInView(this.#position, this.extent), columns)
  }

  #sampleWidths(): void {
    if (!this.#columns.wantsSample) return
    this.#scrollToX(this.#layout.offset)
    const texts = this.#textsInView(this.#layout.inView())
    if (texts.length === 0) return
    this.#columns.sample(texts)
    this.#revealCursorColumn()
    // The new widths may bring other columns into view.
    this.schedule()
  }

  #drawCells(movement: Movement): void {
    if (this.#columns.draw()) this.#rows.placeColumns(this.#columns.shown)
    const rows = rowsToDraw(this.#position, this.extent, movement)
    const slots = mostRowsToDraw(this.extent)
    const tooLong = this.#rows.draw(rows, slots, this.#reader, this.#characterWidth)
    if (!this.#columns.grow(tooLong)) return
    this.#columns.draw()
    this.#rows.placeColumns(this.#columns.shown)
    this.#rows.draw(rows, slots, this.#reader, this.#characterWidth)
  }

  #moveLayers(): void {
    const { row, offset } = this.#position
    const x = this.#columns.origin - this.#layout.offset
    moveLayers(this.#elements, x, (this.#rows.firstRow - row) * this.#metrics.rowHeight - offset)
  }

  #placeCursor(): void {
    const selected = this.#selected
    const cell = selected && this.#rows.cell(selected.cursor.row, selected.cursor.column)
    this.#cursor.place(selected, cell?.element ?? null, {
      rows: rowsInView(this.#position, this.extent),
      columns: this.#layout,
      rowHeight: this.#metrics.rowHeight,
      origin: { row: this.#rows.firstRow, x: this.#columns.origin },
    })
  }
}
