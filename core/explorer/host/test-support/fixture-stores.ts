import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stores that NumPack wrote, and what it reads from them (core/fixtures/README.md). */
export const STORES = join(import.meta.dirname, '../../../fixtures/stores')

interface ExpectedArray {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  sha256: string
}

export const expected = JSON.parse(readFileSync(join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, ExpectedArray>>
  damaged: Record<string, { scope: string; says: string }>
}
