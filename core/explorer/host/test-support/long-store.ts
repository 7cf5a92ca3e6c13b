import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMetadata } from '../../../format/metadata.ts'

/** 16 GB, sparse: no machine reads it all before the test looks. */
export const LONG_ROWS = 2_000_000_000

export function makeLongStore(path: string): void {
  const dataFile = 'data_long.npkd'
  const sizeBytes = LONG_ROWS * 8
  mkdirSync(path)
  writeFileSync(join(path, dataFile), Float64Array.of(1))
  truncateSync(join(path, dataFile), sizeBytes)
  const record = { name: 'long', dtype: 'float64' as const, shape: [LONG_ROWS], dataFile, lastModified: 0, sizeBytes }
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([record]))
}
