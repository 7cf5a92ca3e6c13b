import { groupedNumber } from './grouped-number.ts'
import type { PlacedColumn } from './row-pool.ts'
import styles from './grid.module.css'

/** The recycled headers of the columns on screen. */
export class HeaderPool {
  private readonly parent: HTMLElement
  private current = -1
  private readonly headers: { element: HTMLElement; column: number }[] = []

  constructor(parent: HTMLElement) {
    this.parent = parent
  }

  /** Marks a column as the cursor's; -1 for none. */
  mark(column: number): void {
    this.current = column
    for (const header of this.headers)
      header.element.toggleAttribute('data-current', header.column === column && column !== -1)
  }

  /** Shows `columns`, each in the slot its index falls into. */
  place(columns: readonly PlacedColumn[], slots: number): void {
    while (this.headers.length < slots) {
      const element = document.createElement('div')
      element.className = styles['columnHeader']!
      element.setAttribute('role', 'columnheader')
      element.style.display = 'none'
      this.parent.append(element)
      this.headers.push({ element, column: -1 })
    }
    const shown = new Set<number>()
    for (const { index, left, width } of columns) {
      const slot = index % slots
      const header = this.headers[slot]!
      shown.add(slot)
      if (header.column !== index) {
        header.column = index
        header.element.style.display = ''
        header.element.setAttribute('aria-colindex', String(index + 2))
        header.element.textContent = groupedNumber(index)
      }
      header.element.style.left = `${left}px`
      header.element.style.width = `${width}px`
    }
    this.headers.forEach((header, slot) => {
      if (shown.has(slot) || header.column === -1) return
      header.column = -1
      header.element.style.display = 'none'
    })
    this.mark(this.current)
  }
}
