import { join } from 'node:path'
import { NDArray } from '../storage/ndarray.ts'
import { type Slice, slice } from '../storage/selection.ts'
import { NumPack } from '../storage/numpack.ts'
import { atMost, type Bench, duration, type Figure, type Goal, interleave, seconds, xorshift } from './harness.ts'
import { makeStore } from './stores.ts'

const ROWS = 500_000
const COLUMNS = 100
const ROW_BYTES = 4 * COLUMNS
const RUN_ROWS = 1000
const READS = 2000
const RUNS = 40
const SEED = 9
const ROUNDS = 51

/** Rows of 400 bytes from a file of 200 MB in the page cache: one anywhere, and 1,000 together anywhere. */
export function rows({ folder, comparator }: Bench): Figure[] {
  const store = makeStore(folder, 'rows.npk', [
    { name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], filled: true, holes: false },
  ])
  const file = join(store, 'data_x.npkd')
  using npk = NumPack.open(store, { readOnly: true })
  const lazy = npk.load('x', { lazy: true })
  const random = xorshift(SEED)
  const engineRow = (): number => {
    return (
      seconds(() => {
        for (let i = 0; i < READS; i++) lazy.get(random() % ROWS)
      }) / READS
    )
  }
  const engineRun = (read: (rows: Slice) => unknown): number => {
    return (
      seconds(() => {
        for (let i = 0; i < RUNS; i++) {
          const row = random() % (ROWS - RUN_ROWS + 1)
          read(slice(row, row + RUN_ROWS))
        }
      }) / RUNS
    )
  }
  const out = NDArray.zeros([RUN_ROWS, COLUMNS], 'float32')
  const ns = 1e-9
  const row = interleave(ROUNDS, {
    engine: engineRow,
    c: () => (comparator?.('random', file, ROW_BYTES, READS, SEED) ?? 0) * ns,
  })
  const run = interleave(ROUNDS, {
    engine: () => engineRun(range => lazy.getInto(out, range)),
    fresh: () => engineRun(range => lazy.get(range)),
    c: () => (comparator?.('contiguous', file, ROW_BYTES, RUN_ROWS, RUNS, SEED) ?? 0) * ns,
  })
  const against = (what: string, figure: number, c: number, goal: Goal | null): Figure => ({
    what,
    value: duration(figure),
    beside: comparator ? `C pread ${duration(c)}` : '',
    measured: comparator ? figure / c : null,
    goal,
  })
  return [
    against('random row of 400 bytes', row.engine, row.c, atMost(1.6, 'x')),
    against('1,000 contiguous rows into memory that is there, as C', run.engine, run.c, atMost(1.1, 'x')),
    against('1,000 contiguous rows as a new array', run.fresh, run.c, null),
  ]
}
