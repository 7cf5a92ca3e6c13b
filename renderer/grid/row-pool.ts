import type { View } from '../../core/explorer/contract/types.ts'
import styles from './grid.module.css'
import { groupedNumber } from './grouped-number.ts'
import type { RowNumbers } from './types.ts'

/** How a cell looks: a number, or one of the words and states that a class colours. */
type CellLook = 'number' | 'nan' | 'inf' | '-inf' | 'true' | 'false' | 'pending' | 'failed'

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

/** What a row's header says: its numbers as text; `onDisk` is null where it is the same. */
export interface RowLabel {
  row: string
  onDisk: string | null
  deleted: boolean
}

class Cell {
  readonly element: HTMLElement
  column = -1
  shown = ''
  look: CellLook = 'number'
  private readonly text: Text
  private selected = false

  constructor(parent: HTMLElement) {
    this.element = document.createElement('div')
    this.element.className = CLASS_OF.number
    this.element.setAttribute('role', 'gridcell')
    this.element.style.display = 'none'
    this.text = document.createTextNode('')
    this.element.append(this.text)
    parent.append(this.element)
  }

  place(column: PlacedColumn | null): void {
    const { style } = this.element
    if (column === null) {
      if (this.column !== -1) style.display = 'none'
      this.column = -1
      return
    }
    if (this.column === -1) style.display = ''
    if (this.column !== column.index) this.element.setAttribute('aria-colindex', String(column.index + 2))
    this.column = column.index
    style.left = `${column.left}px`
    style.width = `${column.width}px`
  }

  write(text: string, look: CellLook): void {
    if (this.shown !== text) {
      this.shown = text
      this.text.data = text
    }
    if (this.look !== look) {
      this.look = look
      this.element.className = CLASS_OF[look]
    }
  }

  select(selected: boolean): void {
    if (this.selected === selected) return
    this.selected = selected
    if (selected) this.element.setAttribute('aria-selected', 'true')
    else this.element.removeAttribute('aria-selected')
  }
}

/** One recycled row: its cells in the body and its header in the gutter. */
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

  resizeTo(columns: number): void {
    while (this.cells.length < columns) this.cells.push(new Cell(this.element))
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

/** What a row's header says before its numbers are known (null), and then. `showOnDisk` adds its number on disk. */
export function rowLabel(view: View, position: number, numbers: RowNumbers | null, showOnDisk: boolean): RowLabel {
  const logical = numbers === null ? (view === 'active' || !showOnDisk ? position : undefined) : numbers.logical
  const physical = numbers?.physical ?? (view === 'all' ? position : undefined)
  const deleted = logical === null || view === 'deleted'
  return {
    row: deleted ? 'deleted' : logical === undefined ? '…' : groupedNumber(logical),
    onDisk: showOnDisk ? (physical === undefined ? '…' : groupedNumber(physical)) : null,
    deleted,
  }
}
