import { readFileSync } from 'node:fs'
import path from 'node:path'
import { STORES } from './explorer.ts'

interface ExpectedElements {
  dtype: string
  /** Logical shape. */
  shape: number[]
  physicalRows: number
  /** Some elements by logical index, as NumPy formats them in full precision; complex ones in two parts. */
  cells: [index: number[], text: string | [re: string, im: string]][]
}

/** Formats an element as a cell shows it: with the typographic minus sign, complex as `re + im i`. */
export function cellText(text: string | [re: string, im: string]): string {
  const [re, im] = typeof text === 'string' ? [text, null] : text
  const joined = im === null ? re : im.startsWith('-') ? `${re} - ${im.slice(1)}i` : `${re} + ${im}i`
  return joined.replaceAll('-', '−')
}

const { stores } = JSON.parse(readFileSync(path.join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, ExpectedElements>>
}

export function expectedElements(store: string, array: string): ExpectedElements {
  const found = stores[store]?.[array]
  if (found === undefined) throw new Error(`expected.json has no ${store}/${array}`)
  return found
}
