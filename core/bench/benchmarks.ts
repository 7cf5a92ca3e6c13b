import { bitmapRows } from './bitmap-rows.ts'
import { formatting } from './formatting.ts'
import type { Benchmark } from './harness.ts'
import { opening } from './opening.ts'
import { packageList } from './package-list.ts'
import { packageMemory } from './package-memory.ts'
import { packages } from './packages.ts'
import { rowMap } from './row-map.ts'
import { rows } from './rows.ts'
import { statistics } from './statistics.ts'
import { statisticsMemory } from './statistics-memory.ts'
import { stream } from './stream.ts'
import { writing } from './writing.ts'
import { writingMemory } from './writing-memory.ts'

export const BENCHMARKS: Record<string, Benchmark> = {
  rows,
  stream,
  opening,
  rowMap,
  bitmapRows,
  formatting,
  packages,
  packageList,
  packageMemory,
  statistics,
  statisticsMemory,
  writing,
  writingMemory,
}
