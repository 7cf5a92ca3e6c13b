import { groupedNumber } from './grouped-number.ts'
import type { PlacedColumn } from './row-pool.ts'
import styles from './grid.module.css'

interface Header {
  element: HTMLElement
  column: number
}

/** The recycled headers of the columns on screen. */
export class HeaderPool {
  private readonly parent: HTMLElement
  private readonly headers: Header[] = []
  private current = -1

  constructor(parent: HTMLElement) {
    this.parent = parent
  }

  /** Marks a column as the cursor's; -1 for none. */
  mark(column: number): void {
    this.current = column
    for (const { element, column: shown } of this.headers) {
      element.toggleAttribute('data-current', shown === column && column !== -1)
    }
  }

  place(columns: readonly PlacedColumn[]): void {
    while (this.headers.length < columns.length) this.headers.push(this.newHeader())
    for (const [at, header] of this.headers.entries()) show(header, columns[at])
    this.mark(this.current)
  }

  private newHeader(): Header {
    const element = document.createElement('div')
    element.className = styles['columnHeader']!
    element.setAttribute('role', 'columnheader')
    element.style.display = 'none'
    this.parent.append(element)
    return { element, column: -1 }
  }
}

function show(header: Header, placed: PlacedColumn | undefined): void {
  const { element } = header
  const column = placed?.index ?? -1
  if (header.column !== column) {
    header.column = column
    element.style.display = placed === undefined ? 'none' : ''
    if (placed !== undefined) {
      element.setAttribute('aria-colindex', String(column + 2))
      element.textContent = groupedNumber(column)
    }
  }
  if (placed === undefined) return
  element.style.left = `${placed.left}px`
  element.style.width = `${placed.width}px`
}
