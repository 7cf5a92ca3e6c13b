import styles from './grid.module.css'
import { GridCell } from './grid-cell.ts'
import type { RowLabel } from './row-label.ts'

export interface PlacedColumn {
  index: number
  left: number
  width: number
}

/** A recycled row: its header for screen readers, its cells in column order, and its number in the gutter. */
export class PooledRow {
  readonly cells: GridCell[] = []
  row = -1
  /** Whether elements of the row are not read yet. */
  isIncomplete = false
  /** Whether the cells must be written again. */
  isStale = false
  readonly #element: HTMLElement
  readonly #name: HTMLElement
  readonly #header: HTMLElement
  readonly #number = document.createTextNode('')
  readonly #onDisk: HTMLElement
  #label: RowLabel = { row: '', onDisk: null, deleted: false }
  #isCurrent = false
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

  /** Gives each of `columns` a cell. A column that already had a cell keeps it with its text. All cells are stale then. */
  assignColumns(columns: readonly PlacedColumn[]): void {
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
    for (const [at, cell] of cells.entries()) cell.assign(columns[at]?.index ?? -1)
    this.isStale = true
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

  markCurrent(isCurrent: boolean): void {
    if (this.#isCurrent === isCurrent) return
    this.#isCurrent = isCurrent
    this.#header.toggleAttribute('data-current', isCurrent)
  }
}
