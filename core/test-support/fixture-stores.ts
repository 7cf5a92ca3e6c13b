import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Stores and packages that NumPack wrote, and what it reads from them (core/fixtures/README.md). */
export const STORES = join(import.meta.dirname, '../fixtures/stores')

/** What NumPy computes of an array. */
interface ExpectedStatistics {
  count: number
  nan?: number
  finite: number
  zeros: number
  min?: string
  max?: string
  mean?: number
}

interface ExpectedArray {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  sha256: string
  statistics?: ExpectedStatistics
}

interface ExpectedPackage {
  version: number
  compression: number
  codec: string
  files: string[]
  sizes: number[]
  sha256: string[]
  sameAsStore: string
}

export const expected = JSON.parse(readFileSync(join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, ExpectedArray>>
  packages: Record<string, ExpectedPackage>
  damaged: Record<string, { scope: string; says: string }>
}
