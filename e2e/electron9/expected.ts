import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ExpectedText } from '../expected-text.ts'
import { STORES } from './explorer.ts'

interface ExpectedElements {
  dtype: string
  shape: number[]
  physicalRows: number
  cells: [index: number[], text: ExpectedText][]
}

const { stores } = JSON.parse(readFileSync(path.join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, ExpectedElements>>
}

export function expectedElements(store: string, array: string): ExpectedElements {
  const found = stores[store]?.[array]
  if (found === undefined) throw new Error(`expected.json has no ${store}/${array}`)
  return found
}
