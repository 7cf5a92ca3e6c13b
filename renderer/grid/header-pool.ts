import { BINS } from './column-samples.ts'
import { formatGroupedNumber } from './grouped-number.ts'
import type { PlacedColumn } from './pooled-row.ts'
import styles from './grid.module.css'

interface PooledHeader {
  element: HTMLElement
  number: Text
  bars: SVGPathElement
  column: number
}

const SVG = 'http://www.w3.org/2000/svg'
/** Narrower columns get no histogram, pixels. */
const LEAST_WIDTH = 34

export class HeaderPool {
  readonly #parent: HTMLElement
  readonly #headers: PooledHeader[] = []
  #current = -1

  constructor(parent: HTMLElement) {
    this.#parent = parent
  }

  mark(column: number): void {
    this.#current = column
    for (const { element, column: shown } of this.#headers) {
      element.toggleAttribute('data-current', shown === column && column !== -1)
    }
  }

  /** `barsOf` returns the path of a column's histogram; '' for none. */
  place(columns: readonly PlacedColumn[], barsOf: (column: number) => string): void {
    while (this.#headers.length < columns.length) this.#headers.push(this.#newHeader())
    for (const [at, header] of this.#headers.entries()) show(header, columns[at], barsOf)
    this.mark(this.#current)
  }

  #newHeader(): PooledHeader {
    const element = document.createElement('div')
    element.className = styles['columnHeader']!
    element.setAttribute('role', 'columnheader')
    element.style.display = 'none'
    const number = document.createTextNode('')
    const svg = document.createElementNS(SVG, 'svg')
    svg.setAttribute('class', styles['columnBars']!)
    svg.setAttribute('viewBox', `0 0 ${BINS} 1`)
    svg.setAttribute('preserveAspectRatio', 'none')
    svg.setAttribute('aria-hidden', 'true')
    const bars = document.createElementNS(SVG, 'path')
    svg.append(bars)
    element.append(svg, number)
    this.#parent.append(element)
    return { element, number, bars, column: -1 }
  }
}

function show(header: PooledHeader, placed: PlacedColumn | undefined, barsOf: (column: number) => string): void {
  const { element, number, bars } = header
  const column = placed?.index ?? -1
  if (header.column !== column) {
    header.column = column
    element.style.display = placed === undefined ? 'none' : ''
    if (placed !== undefined) {
      element.setAttribute('aria-colindex', String(column + 2))
      number.data = formatGroupedNumber(column)
    }
  }
  if (placed === undefined) return
  element.style.left = `${placed.left}px`
  element.style.width = `${placed.width}px`
  bars.setAttribute('d', placed.width < LEAST_WIDTH ? '' : barsOf(column))
}
