import { readFileSync } from 'node:fs'
import path from 'node:path'
import { STORES } from './explorer.ts'

interface ExpectedArray {
  dtype: string
  /** Logical shape. */
  shape: number[]
  physicalRows: number
  /** Some elements, by logical index, as NumPy writes them in full precision. */
  cells: [index: number[], text: string][]
}

const { stores } = JSON.parse(readFileSync(path.join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, ExpectedArray>>
}

/** What NumPy says about an array of a fixture. */
export function expectedArray(store: string, array: string): ExpectedArray {
  const found = stores[store]?.[array]
  if (found === undefined) throw new Error(`expected.json has no ${store}/${array}`)
  return found
}
