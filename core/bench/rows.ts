import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { NDArray } from '../array/ndarray.ts'
import { type Slice, slice } from '../array/selection.ts'
import { NumPack } from '../storage/numpack.ts'
import { atMost, type Bench, duration, type Figure, type Goal, interleave, secondsEach, xorshift } from './harness.ts'
import { makeStore } from './stores.ts'

const ROWS = 500_000
const COLUMNS = 100
const ROW_BYTES = 4 * COLUMNS
const RUN_ROWS = 1000
const READS = 2000
const RUNS = 40
const SEED = 9
const ROUNDS = 51

export function rows({ folder, comparator }: Bench): Figure[] {
  const store = makeStore(folder, 'rows.npk', [
    { name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], filled: true, holes: false },
  ])
  const file = join(store, 'data_x.npkd')
  using npk = NumPack.open(store, { readOnly: true })
  const lazy = npk.load('x', { lazy: true })
  const random = xorshift(SEED)
  const anyRow = (): number => random() % ROWS
  const anyRun = (): Slice => {
    const row = random() % (ROWS - RUN_ROWS + 1)
    return slice(row, row + RUN_ROWS)
  }
  const kept: unknown[] = []
  const seed = xorshift(SEED + 1)
  // Other positions each round, as in our contestant: the processor's caches would know those of the last round.
  const inC = (command: string, rows: number, reads: number) => (): number =>
    comparator?.seconds(command, file, ROW_BYTES, rows, reads, 0, seed()) ?? 0

  const rowOut = NDArray.zeros([COLUMNS], 'float32')
  const fd = openSync(file, 'r')
  const row = interleave(ROUNDS, {
    c: inC('pread', 1, READS),
    readSync: () => secondsEach(READS, () => readSync(fd, rowOut.data, 0, ROW_BYTES, anyRow() * ROW_BYTES)),
    get: () => secondsEach(READS, () => lazy.get(anyRow())),
    getInto: () => secondsEach(READS, () => lazy.getInto(rowOut, anyRow())),
    cFresh: inC('fresh', 1, READS),
    kept: () => secondsEach(READS, call => (kept[call] = lazy.get(anyRow()))),
  })
  kept.length = 0
  closeSync(fd)
  const runOut = NDArray.zeros([RUN_ROWS, COLUMNS], 'float32')
  const run = interleave(ROUNDS, {
    c: inC('pread', RUN_ROWS, RUNS),
    getInto: () => secondsEach(RUNS, () => lazy.getInto(runOut, anyRun())),
    cFresh: inC('fresh', RUN_ROWS, RUNS),
    kept: () => secondsEach(RUNS, call => (kept[call] = lazy.get(anyRun()))),
  })
  const against = (what: string, figure: number, how: string, c: number, goal: Goal | null): Figure => ({
    what,
    value: duration(figure),
    beside: comparator ? `C ${how} ${duration(c)}` : '',
    measured: comparator ? figure / c : null,
    goal,
  })
  const oneRow = 'random row of 400 bytes'
  const manyRows = '1,000 contiguous rows'
  return [
    against(`${oneRow}, a new array`, row.get, 'pread', row.c, atMost(1.6, 'x')),
    against(`${oneRow}, into an existing array, as C`, row.getInto, 'pread', row.c, atMost(1.6, 'x')),
    against(`${oneRow}, Node's readSync alone`, row.readSync, 'pread', row.c, null),
    against(`${oneRow}, a new array, kept, as C`, row.kept, 'malloc and pread', row.cFresh, atMost(1.6, 'x')),
    against(`${manyRows} into an existing array, as C`, run.getInto, 'pread', run.c, atMost(1.1, 'x')),
    against(`${manyRows}, a new array, kept, as C`, run.kept, 'malloc and pread', run.cFresh, atMost(1.1, 'x')),
    against(`${manyRows}, a new array, kept`, run.kept, 'pread', run.c, null),
  ]
}
