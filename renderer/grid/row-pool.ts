import styles from './grid.module.css'
import type { RowLabel } from './row-label.ts'

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

export interface PlacedColumn {
  index: number
  left: number
  width: number
}

/** An inline cell, padded to its column: a screenful lays out in 6 ms, boxes in 16 (Chromium 156, 27 x 17 cells). */
export class GridCell {
  readonly element = document.createElement('span')
  column = -1
  shown = ''
  look: CellLook = 'number'
  readonly #text = document.createTextNode('')
  #padding = 0
  #background = ''
  #selected = false

  constructor() {
    this.element.className = CLASS_OF.number
    this.element.setAttribute('role', 'gridcell')
    this.element.style.display = 'none'
    this.element.append(this.#text)
  }

  /** Assigns a column; -1 hides the cell. */
  place(column: number): void {
    if (this.column === column) return
    if (column === -1) this.element.style.display = 'none'
    else {
      if (this.column === -1) this.element.style.display = ''
      this.element.setAttribute('aria-colindex', String(column + 2))
    }
    this.column = column
  }

  /** `padding`: pixels before the text. `background`: a colour, or '' for none. */
  write(text: string, look: CellLook, padding: number, background: string): void {
    if (this.shown !== text) {
      this.shown = text
      this.#text.data = text
    }
    if (this.look !== look) {
      this.look = look
      this.element.className = CLASS_OF[look]
    }
    if (this.#padding !== padding) {
      this.#padding = padding
      this.element.style.paddingLeft = `${padding}px`
    }
    if (this.#background !== background) {
      this.#background = background
      this.element.style.backgroundColor = background
    }
  }

  select(selected: boolean): void {
    if (this.#selected === selected) return
    this.#selected = selected
    if (selected) this.element.setAttribute('aria-selected', 'true')
    else this.element.removeAttribute('aria-selected')
  }
}

/** A recycled row: its header for screen readers, its cells in column order, and its number in the gutter. */
export class PooledRow {
  readonly cells: GridCell[] = []
  row = -1
  incomplete = false
  stale = false
  readonly #element: HTMLElement
  readonly #name: HTMLElement
  readonly #header: HTMLElement
  readonly #number = document.createTextNode('')
  readonly #onDisk: HTMLElement
  #label: RowLabel = { row: '', onDisk: null, deleted: false }
  #current = false
  #top = Number.NaN

  constructor(body: HTMLElement, gutter: HTMLElement, height: number) {
    this.#header = document.createElement('div')
    this.#header.className = styles['rowHeader']!
    this.#onDisk = document.createElement('small')
    this.#header.append(this.#number, this.#onDisk)
    this.#element = document.createElement('div')
    this.#element.className = styles['row']!
    this.#element.setAttribute('role', 'row')
    this.#name = document.createElement('span')
    this.#name.className = styles['rowName']!
    this.#name.setAttribute('role', 'rowheader')
    this.#name.setAttribute('aria-colindex', '1')
    this.#element.append(this.#name)
    for (const element of [this.#element, this.#header]) {
      element.style.height = `${height}px`
      // The border below the row counts as part of its height.
      element.style.lineHeight = `${height - 1}px`
      element.style.display = 'none'
    }
    body.append(this.#element)
    gutter.append(this.#header)
  }

  remove(): void {
    this.#element.remove()
    this.#header.remove()
  }

  get element(): HTMLElement {
    return this.#element
  }

  /** Shows another row (-1 for none). Cells keep their texts until they are written. */
  show(row: number, top: number): void {
    if (row !== this.row) {
      const display = row === -1 ? 'none' : ''
      if ((row === -1) !== (this.row === -1)) {
        this.#element.style.display = display
        this.#header.style.display = display
      }
      this.row = row
      if (row === -1) this.#element.removeAttribute('aria-rowindex')
      else this.#element.setAttribute('aria-rowindex', String(row + 2))
    }
    if (row !== -1 && top !== this.#top) {
      this.#top = top
      this.#element.style.top = `${top}px`
      this.#header.style.top = `${top}px`
    }
  }

  /** Gives each of `columns` a cell. A column that already had a cell keeps it with its text. */
  place(columns: readonly PlacedColumn[]): void {
    const { cells } = this
    while (cells.length < columns.length) {
      const cell = new GridCell()
      cells.push(cell)
      this.#element.append(cell.element)
    }
    const first = columns[0]?.index ?? 0
    const passed = first - (cells[0]?.column ?? first)
    if (passed > 0 && passed < cells.length) {
      const moved = cells.splice(0, passed)
      cells.push(...moved)
      this.#element.append(...moved.map(cell => cell.element))
    } else if (passed < 0 && -passed < cells.length) {
      const moved = cells.splice(passed)
      cells.unshift(...moved)
      this.#name.after(...moved.map(cell => cell.element))
    }
    for (const [at, cell] of cells.entries()) cell.place(columns[at]?.index ?? -1)
    this.stale = true
  }

  writeLabel(label: RowLabel): void {
    const shown = this.#label
    if (shown.row !== label.row) this.#number.data = label.row
    if (shown.onDisk !== label.onDisk) this.#onDisk.textContent = label.onDisk
    if (shown.row !== label.row || shown.onDisk !== label.onDisk)
      this.#name.textContent = label.onDisk === null ? label.row : `${label.row} ${label.onDisk}`
    if (shown.deleted !== label.deleted) {
      this.#element.classList.toggle(styles['deleted']!, label.deleted)
      this.#header.classList.toggle(styles['deleted']!, label.deleted)
    }
    this.#label = label
  }

  markCurrent(current: boolean): void {
    if (this.#current === current) return
    this.#current = current
    this.#header.toggleAttribute('data-current', current)
  }
}
