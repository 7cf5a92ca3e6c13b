import { join } from 'node:path'
import { slice } from '../storage/selection.ts'
import { NumPack } from '../storage/numpack.ts'
import { atMost, type Bench, duration, type Figure, interleave, seconds, xorshift } from './harness.ts'
import { makeStore } from './stores.ts'

const ROWS = 500_000
const COLUMNS = 100
const ROW_BYTES = 4 * COLUMNS
const RUN_ROWS = 1000
const READS = 20_000
const RUNS = 300
const SEED = 9
const ROUNDS = 7

/** Rows of 400 bytes from a file of 200 MB in the page cache: one anywhere, and 1,000 together anywhere. */
export function rows({ folder, comparator }: Bench): Figure[] {
  const store = makeStore(folder, 'rows.npk', [
    { name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], filled: true, holes: false },
  ])
  const file = join(store, 'data_x.npkd')
  using npk = NumPack.open(store, { readOnly: true })
  const lazy = npk.load('x', { lazy: true })
  const engineRow = (): number => {
    const random = xorshift(SEED)
    return (
      seconds(() => {
        for (let i = 0; i < READS; i++) lazy.get(random() % ROWS)
      }) / READS
    )
  }
  const engineRun = (): number => {
    const random = xorshift(SEED)
    return (
      seconds(() => {
        for (let i = 0; i < RUNS; i++) {
          const row = random() % (ROWS - RUN_ROWS + 1)
          lazy.get(slice(row, row + RUN_ROWS))
        }
      }) / RUNS
    )
  }
  const ns = 1e-9
  const row = interleave(ROUNDS, {
    engine: engineRow,
    c: () => (comparator?.('random', file, ROW_BYTES, READS, SEED) ?? 0) * ns,
  })
  const run = interleave(ROUNDS, {
    engine: engineRun,
    c: () => (comparator?.('contiguous', file, ROW_BYTES, RUN_ROWS, RUNS, SEED) ?? 0) * ns,
  })
  const against = (what: string, figures: { engine: number; c: number }, limit: number): Figure => ({
    what,
    value: duration(figures.engine),
    beside: comparator ? `C pread ${duration(figures.c)}` : '',
    measured: comparator ? figures.engine / figures.c : null,
    goal: atMost(limit, 'x'),
  })
  return [against('random row of 400 bytes', row, 1.6), against('1,000 contiguous rows of 400 bytes', run, 1.1)]
}
