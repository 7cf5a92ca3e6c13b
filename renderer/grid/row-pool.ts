import styles from './grid.module.css'
import type { RowLabel } from './row-label.ts'

/** How a cell looks: a number, or one of the words and states that a class colours. */
export type CellLook = 'number' | 'nan' | 'inf' | '-inf' | 'true' | 'false' | 'pending' | 'failed'

const CLASS_OF: Readonly<Record<CellLook, string>> = {
  number: styles['cell']!,
  nan: `${styles['cell']} ${styles['nan']}`,
  inf: `${styles['cell']} ${styles['inf']}`,
  '-inf': `${styles['cell']} ${styles['negativeInf']}`,
  true: `${styles['cell']} ${styles['true']}`,
  false: `${styles['cell']} ${styles['false']}`,
  pending: `${styles['cell']} ${styles['pending']}`,
  failed: `${styles['cell']} ${styles['failed']}`,
}

/** A column on screen: where it lies inside the pool, in pixels. */
export interface PlacedColumn {
  index: number
  left: number
  width: number
}

/**
 * One cell: a stretch of its row's line of text. The padding before its text makes it as wide as its column. Against a
 * box for each cell, a screenful is laid out in a third of the time (Chromium 156, 27 x 17 cells: 6 ms instead of 16).
 */
export class Cell {
  readonly element = document.createElement('span')
  column = -1
  shown = ''
  look: CellLook = 'number'
  private readonly text = document.createTextNode('')
  private padding = 0
  private background = ''
  private selected = false

  constructor() {
    this.element.className = CLASS_OF.number
    this.element.setAttribute('role', 'gridcell')
    this.element.style.display = 'none'
    this.element.append(this.text)
  }

  /** Belongs to a column from now on; -1: to none, and is not shown. */
  place(column: number): void {
    if (this.column === column) return
    if (column === -1) this.element.style.display = 'none'
    else {
      if (this.column === -1) this.element.style.display = ''
      this.element.setAttribute('aria-colindex', String(column + 2))
    }
    this.column = column
  }

  /** `padding`: pixels before the text. `background`: a colour, or '' for none of its own. */
  write(text: string, look: CellLook, padding: number, background: string): void {
    if (this.shown !== text) {
      this.shown = text
      this.text.data = text
    }
    if (this.look !== look) {
      this.look = look
      this.element.className = CLASS_OF[look]
    }
    if (this.padding !== padding) {
      this.padding = padding
      this.element.style.paddingLeft = `${padding}px`
    }
    if (this.background !== background) {
      this.background = background
      this.element.style.backgroundColor = background
    }
  }

  select(selected: boolean): void {
    if (this.selected === selected) return
    this.selected = selected
    if (selected) this.element.setAttribute('aria-selected', 'true')
    else this.element.removeAttribute('aria-selected')
  }
}

/** One recycled row: its cells in the body, in the order of their columns, and its header in the gutter. */
export class PooledRow {
  readonly cells: Cell[] = []
  /** The row it shows; -1 for none. */
  row = -1
  /** Something in it was not read yet. */
  incomplete = false
  /** Its cells must be written again, though it shows the same row. */
  stale = false
  private readonly element: HTMLElement
  private readonly header: HTMLElement
  private readonly number = document.createTextNode('')
  private readonly onDisk: HTMLElement
  private label: RowLabel = { row: '', onDisk: null, deleted: false }
  private current = false
  private top = Number.NaN

  constructor(body: HTMLElement, gutter: HTMLElement, headerId: string, height: number) {
    this.header = document.createElement('div')
    this.header.id = headerId
    this.header.className = styles['rowHeader']!
    this.header.setAttribute('role', 'rowheader')
    this.header.setAttribute('aria-colindex', '1')
    this.onDisk = document.createElement('small')
    this.header.append(this.number, this.onDisk)
    this.element = document.createElement('div')
    this.element.className = styles['row']!
    this.element.setAttribute('role', 'row')
    this.element.setAttribute('aria-owns', headerId)
    for (const element of [this.element, this.header]) {
      element.style.height = `${height}px`
      // The line below the row is part of its height.
      element.style.lineHeight = `${height - 1}px`
      element.style.display = 'none'
    }
    body.append(this.element)
    gutter.append(this.header)
  }

  remove(): void {
    this.element.remove()
    this.header.remove()
  }

  /** Shows another row (or none) at a distance from the pool's top. Cells keep their texts until they are written. */
  show(row: number, top: number): void {
    if (row !== this.row) {
      const display = row === -1 ? 'none' : ''
      if ((row === -1) !== (this.row === -1)) {
        this.element.style.display = display
        this.header.style.display = display
      }
      this.row = row
      if (row !== -1) this.element.setAttribute('aria-rowindex', String(row + 2))
    }
    if (row !== -1 && top !== this.top) {
      this.top = top
      this.element.style.top = `${top}px`
      this.header.style.top = `${top}px`
    }
  }

  /** Gives each of `columns` a cell, in their order. Cells that had one of them before keep it, and its text. */
  place(columns: readonly PlacedColumn[]): void {
    const { cells } = this
    while (cells.length < columns.length) {
      const cell = new Cell()
      cells.push(cell)
      this.element.append(cell.element)
    }
    const first = columns[0]?.index ?? 0
    const passed = first - (cells[0]?.column ?? first)
    if (passed > 0 && passed < cells.length) {
      const moved = cells.splice(0, passed)
      cells.push(...moved)
      this.element.append(...moved.map(cell => cell.element))
    } else if (passed < 0 && -passed < cells.length) {
      const moved = cells.splice(passed)
      cells.unshift(...moved)
      this.element.prepend(...moved.map(cell => cell.element))
    }
    for (const [at, cell] of cells.entries()) cell.place(columns[at]?.index ?? -1)
    this.stale = true
  }

  writeLabel(label: RowLabel): void {
    const shown = this.label
    if (shown.row !== label.row) this.number.data = label.row
    // The space keeps the two numbers apart for those who hear them.
    if (shown.onDisk !== label.onDisk) this.onDisk.textContent = label.onDisk === null ? '' : ` ${label.onDisk}`
    if (shown.deleted !== label.deleted) {
      this.element.classList.toggle(styles['deleted']!, label.deleted)
      this.header.classList.toggle(styles['deleted']!, label.deleted)
    }
    this.label = label
  }

  markCurrent(current: boolean): void {
    if (this.current === current) return
    this.current = current
    this.header.toggleAttribute('data-current', current)
  }
}
