import type { Block } from './blocks.ts'
import { BlockCache, indexIn, keyPrefix, rowNumbersIn } from './blocks.ts'
import { capacityOf, charactersOf, cut, MAX_COLUMN_WIDTH, MIN_COLUMN_WIDTH, widthOf } from './column-widths.ts'
import { ColumnLayout } from './columns.ts'
import { groupedNumber } from './grouped-number.ts'
import { HeaderPool } from './header-pool.ts'
import { Motion, towards } from './motion.ts'
import type { Extent, Position } from './position.ts'
import { atFraction, atRow, clamp, fractionOf, moveBy, reveal, rowsInFullView, rowsInView, TOP } from './position.ts'
import type { Wish } from './reader.ts'
import { BlockReader } from './reader.ts'
import type { PlacedColumn } from './row-pool.ts'
import { PooledRow, rowLabel } from './row-pool.ts'
import { ScrollbarView } from './scrollbar-view.ts'
import type { Selected, SelectionMove, Size } from './selection.ts'
import { fitSelection, moveSelection, rangeOf, sameSelected, selectCell } from './selection.ts'
import type { CellPosition, CellRange, GridSource, ReadReport, RowNumbers, Span } from './types.ts'

/** The elements that a grid's structure provides. */
export interface GridElements {
  frame: HTMLElement
  grid: HTMLElement
  head: HTMLElement
  headers: HTMLElement
  gutter: HTMLElement
  body: HTMLElement
  rows: HTMLElement
  cursor: HTMLElement
  range: HTMLElement
  vertical: { track: HTMLElement; thumb: HTMLElement }
  horizontal: { track: HTMLElement; thumb: HTMLElement }
}

/** Pixels. */
export interface GridMetrics {
  rowHeight: number
  headerHeight: number
  /** Of every column; undefined: by dtype and texts. */
  columnWidth: number | undefined
  /** Of the scrollbars. */
  barWidth: number
  barHeight: number
}

export interface GridViewEvents {
  onSelection(selected: Selected | null): void
  onTopRow(row: number): void
  onRead(report: ReadReport): void
  onError(error: Error): void
}

/**
 * The moving layers are this large, pixels: far more than any screen, so that hardly a step reaches their end, and far
 * less than Chromium's 2^25 device pixels.
 */
const SLAB = 131_072
/** Rows read beyond each edge of the viewport, so that the first steps of a wheel find them. */
const MARGIN_ROWS = 8
const MAX_AHEAD_ROWS = 1024
/**
 * While the grid moves, rows are drawn this many at a time, before they come into view: a step between two such batches
 * moves layers and changes nothing in them, and what is out of view is rasterized without haste.
 */
const CHUNK_ROWS = 8
/** Cells that wait for longer show a bar. */
const WAITING_MS = 120
/** At least so many rows are drawn ahead of a movement: what a wheel moves in a frame. */
const LEAD_ROWS = 4
/** Arrays whose column widths are remembered. */
const MAX_LAYOUTS = 64
const GUTTER_PADDING = 17
const ON_DISK_GAP = 8
const ON_DISK_SCALE = 10.5 / 12
const DELETED_LABEL = 'deleted'
const FAILED_TEXT = '—'

interface LayoutEntry {
  columns: ColumnLayout
  /** Widths follow a sample of texts already. */
  sampled: boolean
  /** Columns that the user gave a width. */
  fixed: Set<number>
}

/** Draws a source into a fixed pool of elements, and moves the pool. Everything that changes while scrolling happens here. */
export class GridView {
  private readonly elements: GridElements
  private readonly events: GridViewEvents
  private readonly id: string
  private readonly cache = new BlockCache()
  private readonly layouts = new Map<string, LayoutEntry>()
  private readonly headers: HeaderPool
  private readonly vertical: ScrollbarView
  private readonly horizontal: ScrollbarView
  private readonly controller = new AbortController()
  private metrics: GridMetrics
  private source: GridSource
  private reader: BlockReader
  private layout: LayoutEntry
  private position: Position = TOP
  private selected: Selected | null = null
  private width = 0
  private height = 0
  private gutterWidth = 0
  private characterWidth = 7.2
  private pool: PooledRow[] = []
  private columnSlots = 0
  private shownColumns: PlacedColumn[] = []
  /** Which columns are placed where: a new value means that the cells must be placed again. */
  private placement = ''
  private base = { row: 0, x: 0 }
  private activeCell: HTMLElement | null = null
  private tooLong = new Map<number, number>()
  private asking = false
  private frameRequest = 0
  private waitingTimer: ReturnType<typeof setTimeout> | null = null
  private readonly rowMotion = new Motion()
  private readonly columnMotion = new Motion()
  /** Where the movement leads within a fifth of a second. */
  private readonly ahead = { rows: 0, pixels: 0 }
  private topRowSent = -1

  constructor(elements: GridElements, metrics: GridMetrics, source: GridSource, id: string, events: GridViewEvents) {
    this.elements = elements
    this.metrics = metrics
    this.events = events
    this.id = id
    this.source = source
    this.reader = this.newReader(source)
    this.headers = new HeaderPool(elements.headers)
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
        onDrag: fraction => this.scrollTo(this.position, this.layout.columns.end * fraction),
        onPage: direction => this.scrollBy(direction * this.viewWidth, 0),
      },
      signal,
    )
    this.layout = this.layoutOf(source)
    for (const slab of [elements.rows, elements.gutter]) slab.style.height = `${SLAB}px`
    elements.headers.style.height = `${metrics.headerHeight}px`
    elements.frame.style.setProperty('--header-height', `${metrics.headerHeight}px`)
  }

  destroy(): void {
    this.controller.abort()
    this.reader.close()
    cancelAnimationFrame(this.frameRequest)
    if (this.waitingTimer !== null) clearTimeout(this.waitingTimer)
    for (const row of this.pool) row.remove()
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
    this.layout = this.layoutOf(source)
    const sameKey = before.key === source.key && before !== source
    if (sameKey) {
      if (before.generation !== source.generation) this.cache.drop(keyPrefix(before, before.generation))
      this.position = clamp(this.position, this.extent)
      this.select(
        this.selected === null ? selectCell({ row: 0, column: 0 }, this.size) : fitSelection(this.selected, this.size),
      )
    } else {
      const start = place ?? { row: 0, column: 0 }
      this.position = atRow(start.row, this.extent)
      this.selected = null
      this.select(selectCell(start, this.size))
      this.rowMotion.reset()
      this.columnMotion.reset()
    }
    this.topRowSent = -1
    this.forgetRows()
    this.sizeGutter()
    this.layout.columns.place(this.viewWidth, this.layout.columns.offset)
    if (!sameKey) this.revealCursorColumn()
    this.sampleWidths()
    this.render()
  }

  /** The frame's size in pixels, scrollbars and header included. */
  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return
    const first = this.width === 0
    this.width = width
    this.height = height
    this.vertical.resize(Math.max(0, height - this.metrics.headerHeight - this.metrics.barHeight))
    this.horizontal.resize(this.viewWidth)
    if (first) this.revealCursorColumn()
    this.render()
  }

  /** The width of a character of the cells' font, pixels. */
  setCharacterWidth(width: number): void {
    if (width === this.characterWidth) return
    this.characterWidth = width
    this.layouts.clear()
    this.layout = this.layoutOf(this.source)
    this.sampleWidths()
    this.sizeGutter()
    this.forgetRows()
    this.render()
  }

  scrollBy(pixelsX: number, pixelsY: number): void {
    const { columns } = this.layout
    columns.place(this.viewWidth, columns.offset + pixelsX)
    this.position = moveBy(this.position, pixelsY, this.extent)
    this.schedule()
  }

  scrollTo(position: Position, x: number): void {
    this.position = clamp(position, this.extent)
    this.layout.columns.place(this.viewWidth, x)
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
      column: this.layout.columns.columnAt(this.layout.columns.offset + inX),
    }
  }

  /** The column whose right edge lies within `reach` pixels of a place of the header; -1 for none. */
  edgeAt(x: number, reach: number): number {
    const { columns } = this.layout
    for (const { index } of this.shownColumns) {
      const edge = columns.startOf(index) + columns.widthOf(index) - columns.offset
      if (Math.abs(edge - x) <= reach) return index
    }
    return -1
  }

  columnWidth(column: number): number {
    return this.layout.columns.widthOf(column)
  }

  /** Gives a column a width that stays. */
  resizeColumn(column: number, width: number): void {
    this.layout.fixed.add(column)
    this.layout.columns.resize(column, Math.round(Math.min(MAX_COLUMN_WIDTH, Math.max(MIN_COLUMN_WIDTH, width))))
    this.placement = ''
    this.schedule()
  }

  /** Makes a column as wide as the texts that it shows need. */
  fitColumn(column: number): void {
    const texts: string[] = []
    const [start, stop] = rowsInView(this.position, this.extent)
    for (let row = start; row < stop; row++) {
      const block = this.reader.block(row, column)
      if (block !== undefined) texts.push(this.source.cellText(block.data, indexIn(block, row, column)))
    }
    const characters = charactersOf(this.source.dtype, texts, column + 1)
    this.resizeColumn(column, widthOf(characters, this.characterWidth))
    this.layout.fixed.delete(column)
  }

  /** Numbers of a row whose block is cached. */
  rowNumbers(row: number): RowNumbers | null {
    if (row < 0 || row >= this.source.rows) return null
    if (this.source.deletedRows === 0) return { logical: row, physical: row }
    const block = this.reader.block(row, this.shownColumns[0]?.index ?? 0)
    return block === undefined ? null : rowNumbersIn(block, row)
  }

  /** Rows and columns in full view, as they are drawn. */
  fullView(): { rows: Span; columns: Span } {
    return { rows: rowsInFullView(this.position, this.extent), columns: this.layout.columns.inFullView() }
  }

  /** The text that a cell shows: '' while it was not read, null when it is not drawn. */
  shownText(row: number, column: number): string | null {
    const cell = this.drawnCell(row, column)
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
    this.position = clamp(this.position, this.extent)
    this.layout.columns.place(this.viewWidth, this.layout.columns.offset)
    this.predict()
    // Asked for before anything is drawn: the host works meanwhile.
    this.asking = true
    this.reader.want(this.wish())
    this.asking = false
    this.placeColumns()
    this.placeRows()
    if (this.tooLong.size > 0) {
      this.growColumns()
      this.placeColumns()
      this.placeRows()
    }
    this.markWaiting()
    this.moveLayers()
    this.placeCursor()
    this.updateScrollbars()
    if (this.topRowSent !== this.position.row) {
      this.topRowSent = this.position.row
      this.events.onTopRow(this.position.row)
    }
  }

  /** Shows that cells are being read once that takes longer than a blink; bars that come and go at once only flicker. */
  private markWaiting(): void {
    const [start, stop] = rowsInView(this.position, this.extent)
    const waiting = this.pool.some(({ incomplete, row }) => incomplete && row >= start && row < stop)
    if (waiting && this.waitingTimer === null) {
      this.waitingTimer = setTimeout(() => this.elements.body.toggleAttribute('data-waiting', true), WAITING_MS)
    } else if (!waiting && this.waitingTimer !== null) {
      clearTimeout(this.waitingTimer)
      this.waitingTimer = null
      this.elements.body.toggleAttribute('data-waiting', false)
    }
  }

  private newReader(source: GridSource): BlockReader {
    return new BlockReader(source, this.cache, {
      onBlocks: rows => this.onBlocks(rows),
      onRead: report => this.events.onRead(report),
      onError: error => this.events.onError(error),
    })
  }

  private layoutOf(source: GridSource): LayoutEntry {
    const known = this.layouts.get(source.layoutKey)
    if (known !== undefined && known.columns.count === source.columns) return known
    const { columnWidth } = this.metrics
    const characters = charactersOf(source.dtype, [], source.columns)
    const entry: LayoutEntry = {
      columns: new ColumnLayout(source.columns, columnWidth ?? widthOf(characters, this.characterWidth)),
      sampled: columnWidth !== undefined,
      fixed: new Set(),
    }
    this.layouts.delete(source.layoutKey)
    this.layouts.set(source.layoutKey, entry)
    for (const oldest of this.layouts.keys()) {
      if (this.layouts.size <= MAX_LAYOUTS) break
      this.layouts.delete(oldest)
    }
    return entry
  }

  private sizeGutter(): void {
    const { source } = this
    const highest = source.view === 'all' ? source.physicalRows : source.rows
    let label = groupedNumber(Math.max(0, highest - 1)).length
    let onDiskWidth = 0
    if (source.deletedRows > 0) {
      label = Math.max(label, DELETED_LABEL.length)
      const onDisk = groupedNumber(Math.max(0, source.physicalRows - 1)).length
      onDiskWidth = ON_DISK_GAP + onDisk * this.characterWidth * ON_DISK_SCALE
    }
    const { style } = this.elements.frame
    style.setProperty('--on-disk-width', `${onDiskWidth}px`)
    this.gutterWidth = Math.max(48, Math.ceil(GUTTER_PADDING + label * this.characterWidth + onDiskWidth))
    style.setProperty('--gutter-width', `${this.gutterWidth}px`)
    this.horizontal.resize(this.viewWidth)
  }

  /** The elements show nothing of the present source: everything is written anew. */
  private forgetRows(): void {
    for (const row of this.pool) row.show(-1, 0)
    this.placement = ''
  }

  private select(selected: Selected | null): void {
    if (sameSelected(this.selected, selected)) return
    this.selected = selected
    for (const row of this.pool) this.markRow(row)
    this.headers.mark(selected?.cursor.column ?? -1)
    this.events.onSelection(selected)
  }

  private revealCursor(): void {
    this.position = reveal(this.position, this.selected!.cursor.row, this.extent)
    this.revealCursorColumn()
  }

  private revealCursorColumn(): void {
    const { columns } = this.layout
    if (this.selected !== null) columns.place(this.viewWidth, columns.revealing(this.selected.cursor.column))
  }

  private onBlocks(rows: Span): void {
    this.sampleWidths()
    for (const row of this.pool) {
      if (row.incomplete && row.row >= rows[0] && row.row < rows[1]) row.stale = true
    }
    // A source in memory answers at once: what asked is about to draw.
    if (!this.asking) this.render()
  }

  /** Gives the columns the width that the first texts on screen need, once. */
  private sampleWidths(): void {
    const { source, layout } = this
    if (layout.sampled) return
    layout.columns.place(this.viewWidth, layout.columns.offset)
    const texts: string[] = []
    const [start, stop] = rowsInView(this.position, this.extent)
    const [first, end] = layout.columns.inView()
    for (let row = start; row < stop; row++) {
      for (let column = first; column < end; column++) {
        const block = this.reader.block(row, column)
        if (block !== undefined) texts.push(source.cellText(block.data, indexIn(block, row, column)))
      }
    }
    if (texts.length === 0) return
    const width = widthOf(charactersOf(source.dtype, texts, source.columns), this.characterWidth)
    const columns = new ColumnLayout(source.columns, width)
    // The first column in view stays the first, unless that hides the cursor.
    columns.place(this.viewWidth, columns.startOf(first))
    layout.columns = columns
    layout.sampled = true
    this.revealCursorColumn()
    this.placement = ''
    // Other columns may be in view now.
    this.schedule()
  }

  /** Widens columns whose texts turned out longer than they hold. */
  private growColumns(): void {
    for (const [column, characters] of this.tooLong) {
      this.layout.columns.resize(column, widthOf(characters, this.characterWidth))
    }
    this.tooLong.clear()
    this.placement = ''
  }

  private placeColumns(): void {
    const { columns } = this.layout
    const [start, stop] = columns.inView()
    if (columns.offset < this.base.x || columns.offset + this.viewWidth > this.base.x + SLAB) {
      this.base.x = Math.max(0, Math.floor(columns.offset - SLAB / 2))
      this.placement = ''
    }
    const placement = `${start},${stop}`
    if (placement === this.placement) return
    this.placement = placement
    // One slot more than are in view now: a step to the side rarely needs another.
    if (stop - start > this.columnSlots) this.columnSlots = stop - start + 1
    this.shownColumns = []
    for (let index = start; index < stop; index++) {
      this.shownColumns.push({ index, left: columns.startOf(index) - this.base.x, width: columns.widthOf(index) })
    }
    const width = Math.min(SLAB, Math.ceil(columns.totalWidth - this.base.x))
    for (const slab of [this.elements.rows, this.elements.headers]) slab.style.width = `${width}px`
    this.headers.place(this.shownColumns, this.columnSlots)
    for (const row of this.pool) {
      this.placeCells(row)
      row.stale = true
    }
  }

  private placeCells(row: PooledRow): void {
    row.resizeTo(this.columnSlots)
    const shown = new Set<number>()
    for (const column of this.shownColumns) {
      shown.add(column.index % this.columnSlots)
      row.cells[column.index % this.columnSlots]!.place(column)
    }
    row.cells.forEach((cell, slot) => {
      if (!shown.has(slot)) cell.place(null)
    })
  }

  private placeRows(): void {
    const { extent } = this
    const inView = Math.ceil(extent.viewHeight / extent.rowHeight) + 1
    const slots = inView + LEAD_ROWS + CHUNK_ROWS
    while (this.pool.length < slots) {
      const { rows, gutter } = this.elements
      const row = new PooledRow(rows, gutter, `${this.id}-row-${this.pool.length}`, extent.rowHeight)
      this.pool.push(row)
      this.placeCells(row)
      // Another number of slots puts the rows into other ones.
      for (const pooled of this.pool) pooled.show(-1, 0)
    }
    const [start, stop] = this.rowsToDraw(inView)
    const { base } = this
    const slabRows = Math.floor(SLAB / extent.rowHeight)
    if (start < base.row || stop > base.row + slabRows) {
      base.row = Math.max(0, start - Math.floor(slabRows / 2))
      for (const pooled of this.pool) pooled.show(-1, 0)
    }
    for (let row = start; row < stop; row++) {
      const pooled = this.pool[row % this.pool.length]!
      const fresh = pooled.row !== row
      pooled.show(row, (row - base.row) * extent.rowHeight)
      if (fresh || pooled.stale) this.writeRow(pooled)
    }
  }

  /** The rows in view and, while the grid moves, those that come next, up to a multiple of CHUNK_ROWS. */
  private rowsToDraw(inView: number): Span {
    const { rows } = this.extent
    let start = this.position.row
    let stop = start + inView
    if (this.ahead.rows > 0) stop = Math.ceil((stop + LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
    if (this.ahead.rows < 0) start = Math.floor((start - LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
    return [Math.max(0, start), Math.min(rows, stop)]
  }

  private writeRow(pooled: PooledRow): void {
    const { source, reader, shownColumns, columnSlots } = this
    const { row } = pooled
    const grows = this.metrics.columnWidth === undefined
    let block: Block | undefined
    let numbers: RowNumbers | null = null
    let missing = false
    for (const { index, width } of shownColumns) {
      if (block === undefined || index >= block.columns[1]) {
        block = reader.block(row, index)
        if (block !== undefined) numbers ??= rowNumbersIn(block, row)
      }
      const cell = pooled.cells[index % columnSlots]!
      if (block === undefined) {
        missing = true
        const failed = reader.hasFailed(row, index)
        cell.write(failed ? FAILED_TEXT : '', failed ? 'failed' : 'pending')
        continue
      }
      const at = indexIn(block, row, index)
      const text = source.cellText(block.data, at)
      const capacity = capacityOf(width, this.characterWidth)
      if (text.length > capacity && grows && !this.layout.fixed.has(index)) {
        this.tooLong.set(index, Math.max(text.length, this.tooLong.get(index) ?? 0))
      }
      cell.write(cut(text, capacity), source.cellKind(block.data, at))
    }
    pooled.incomplete = missing
    pooled.stale = false
    pooled.writeLabel(rowLabel(source.view, row, numbers, source.deletedRows > 0))
    this.markRow(pooled)
  }

  /** Tells a row's cells and header whether they are selected. */
  private markRow(pooled: PooledRow): void {
    if (pooled.row === -1) return
    const range = this.selected === null ? null : rangeOf(this.selected)
    const inRows = range !== null && pooled.row >= range.rows[0] && pooled.row < range.rows[1]
    for (const cell of pooled.cells) {
      cell.select(inRows && cell.column >= range.columns[0] && cell.column < range.columns[1])
    }
    pooled.markCurrent(this.selected?.cursor.row === pooled.row)
  }

  private moveLayers(): void {
    const { position, base, elements } = this
    const scale = window.devicePixelRatio
    // Whole device pixels keep the text sharp.
    const snap = (pixels: number) => Math.round(pixels * scale) / scale
    const x = snap(base.x - this.layout.columns.offset)
    const y = snap((base.row - position.row) * this.metrics.rowHeight - position.offset)
    elements.rows.style.transform = `translate(${x}px, ${y}px)`
    elements.gutter.style.transform = `translateY(${y}px)`
    elements.headers.style.transform = `translateX(${x}px)`
  }

  private drawnCell(row: number, column: number) {
    const pooled = this.pool[row % this.pool.length]
    const cell = pooled?.row === row ? pooled.cells[column % this.columnSlots] : undefined
    return cell?.column === column ? cell : null
  }

  private placeCursor(): void {
    const { selected, elements } = this
    const cell =
      selected === null ? null : (this.drawnCell(selected.cursor.row, selected.cursor.column)?.element ?? null)
    const id = cell === null || selected === null ? '' : `${this.id}-${selected.cursor.row}-${selected.cursor.column}`
    if (this.activeCell !== null && (this.activeCell !== cell || this.activeCell.id !== id)) {
      this.activeCell.removeAttribute('id')
      elements.grid.removeAttribute('aria-activedescendant')
    }
    if (cell !== null && cell.id !== id) {
      cell.id = id
      elements.grid.setAttribute('aria-activedescendant', id)
    }
    this.activeCell = cell
    if (selected === null) {
      elements.cursor.style.display = 'none'
      elements.range.style.display = 'none'
      return
    }
    const { rows, columns } = rangeOf(selected)
    const { row, column } = selected.cursor
    this.placeBox(elements.cursor, [row, row + 1], [column, column + 1])
    const several = rows[1] - rows[0] > 1 || columns[1] - columns[0] > 1
    if (several) this.placeBox(elements.range, rows, columns)
    else elements.range.style.display = 'none'
  }

  /** Lays a box over cells, as far as they reach into the neighbourhood of the viewport. */
  private placeBox(box: HTMLElement, rows: Span, columns: Span): void {
    const { base, layout, metrics } = this
    const [viewStart, viewStop] = rowsInView(this.position, this.extent)
    const top = Math.max(rows[0], viewStart - 1)
    const bottom = Math.min(rows[1], viewStop + 1)
    const left = Math.max(layout.columns.startOf(columns[0]), layout.columns.offset - 10)
    const right = Math.min(layout.columns.startOf(columns[1]), layout.columns.offset + this.viewWidth + 10)
    const { style } = box
    if (top >= bottom || left >= right) {
      style.display = 'none'
      return
    }
    style.display = ''
    style.left = `${left - base.x}px`
    style.top = `${(top - base.row) * metrics.rowHeight}px`
    style.width = `${right - left}px`
    style.height = `${(bottom - top) * metrics.rowHeight}px`
  }

  private updateScrollbars(): void {
    const { extent, position } = this
    const { columns } = this.layout
    const [start, stop] = rowsInView(position, extent)
    this.vertical.update({
      fraction: fractionOf(position, extent),
      share: extent.rows === 0 ? 1 : extent.viewHeight / (extent.rows * extent.rowHeight),
      now: position.row,
      max: Math.max(0, extent.rows - (stop - start)),
      text: `Row ${groupedNumber(position.row)} of ${groupedNumber(extent.rows)}`,
    })
    const first = columns.inView()[0]
    this.horizontal.update({
      fraction: columns.end === 0 ? 0 : columns.offset / columns.end,
      share: columns.totalWidth === 0 ? 1 : this.viewWidth / columns.totalWidth,
      now: Math.round(columns.offset),
      max: Math.round(columns.end),
      text: `Column ${groupedNumber(first)} of ${groupedNumber(columns.count)}`,
    })
  }

  /** Notes where the grid stands, to know where it will be soon. */
  private predict(): void {
    const { extent, position } = this
    const now = performance.now()
    const inView = extent.viewHeight / extent.rowHeight
    const rows = this.rowMotion.predict(position.row + position.offset / extent.rowHeight, 2 * inView, now)
    this.ahead.rows = Math.max(-MAX_AHEAD_ROWS, Math.min(MAX_AHEAD_ROWS, rows))
    this.ahead.pixels = this.columnMotion.predict(this.layout.columns.offset, 2 * this.viewWidth, now)
  }

  /** What to read: what is in view, and in the direction of a movement also what comes next. */
  private wish(): Wish {
    const { extent, position, source } = this
    const { columns } = this.layout
    const [start, stop] = rowsInView(position, extent)
    const needed = {
      rows: [Math.max(0, start - MARGIN_ROWS), Math.min(source.rows, stop + MARGIN_ROWS)] as const,
      columns: columns.inView(),
    }
    const { rows, pixels } = this.ahead
    if (rows === 0 && pixels === 0) return { needed, ahead: null }
    const within = (share: number): CellRange => {
      const x = columns.offset + share * pixels
      return {
        rows: towards(needed.rows[0], needed.rows[1], share * rows, source.rows),
        columns: [
          Math.min(needed.columns[0], columns.columnAt(x)),
          Math.max(needed.columns[1], Math.min(columns.count, columns.columnAt(x + this.viewWidth) + 1)),
        ],
      }
    }
    return { needed, ahead: { soon: within(0.5), range: within(1) } }
  }
}
