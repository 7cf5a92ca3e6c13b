import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { NumPack } from '../storage/numpack.ts'
import { atLeast, type Bench, type Figure, type Goal, interleave, rate, seconds } from './harness.ts'
import { makeStore } from './stores.ts'

const ROWS = 1_000_000
const COLUMNS = 64
/** 1 MiB per batch. */
const BATCH = 4096
const ROUNDS = 11
/** NumPack streams through a bitmap at 3 MB/s, so it reads a fraction of the array. */
const NUMPACK_ROWS = 40_000

function dd(file: string): number {
  const run = spawnSync('dd', [`if=${file}`, 'of=/dev/null', 'bs=1M'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const spent = / copied, ([\d.e-]+) s/.exec(run.stderr)
  if (!spent) throw new Error(`dd: ${run.stderr}`)
  return Number(spent[1])
}

export function stream({ folder, numpack }: Bench): Figure[] {
  const shape = [ROWS, COLUMNS]
  const store = makeStore(folder, 'stream.npk', [
    { name: 'plain', dtype: 'float32', shape, filled: true, holes: false },
    { name: 'holes', dtype: 'float32', shape, filled: true, holes: true },
  ])
  using npk = NumPack.open(store, { readOnly: true })
  const bytesOf = { plain: npk.load('plain', { lazy: true }).nbytes, holes: npk.load('holes', { lazy: true }).nbytes }
  const secondsToStream = (name: keyof typeof bytesOf, reuse: boolean): number => {
    let bytes = 0
    return seconds(() => {
      for (const batch of npk.streamLoad(name, BATCH, { reuse })) bytes += batch.nbytes
      if (bytes !== bytesOf[name]) throw new Error(`${bytes} bytes were streamed`)
    })
  }
  const file = join(store, 'data_plain.npkd')
  const spent = interleave(ROUNDS, {
    // Without dd: a rate of 0, shown and compared with nothing.
    dd: () => (process.platform === 'win32' ? Infinity : dd(file)),
    plain: () => secondsToStream('plain', true),
    fresh: () => secondsToStream('plain', false),
    holes: () => secondsToStream('holes', true),
    freshHoles: () => secondsToStream('holes', false),
  })
  const figures = {
    dd: bytesOf.plain / spent.dd,
    plain: bytesOf.plain / spent.plain,
    fresh: bytesOf.plain / spent.fresh,
    holes: bytesOf.holes / spent.holes,
    freshHoles: bytesOf.holes / spent.freshHoles,
  }
  const besideDd = figures.dd > 0 ? `dd ${rate(figures.dd)}` : ''
  const besideNumPack = numPackBeside(folder, numpack)
  const besides = (plain: number): string =>
    [`without a bitmap ${rate(plain)}`, besideNumPack].filter(Boolean).join(', ')
  const { dd: ddRate, plain, fresh, holes, freshHoles } = figures
  const deleted = 'one row in eight deleted'
  return [
    against('one reused buffer', plain, ddRate, besideDd, atLeast(0.9, 'x')),
    against('a new array per batch', fresh, ddRate, besideDd, null),
    against(`${deleted}, one reused buffer`, holes, plain, besides(plain), atLeast(0.5, 'x')),
    against(`${deleted}, a new array per batch`, freshHoles, fresh, besides(fresh), atLeast(0.5, 'x')),
  ]
}

function against(what: string, figure: number, other: number, beside: string, goal: Goal | null): Figure {
  return {
    what: `streamLoad of an array of 256 MB on disk in batches of ${BATCH} rows, ${what}`,
    value: rate(figure),
    beside,
    measured: other > 0 ? figure / other : null,
    goal,
  }
}

function numPackBeside(folder: string, numpack: Bench['numpack']): string {
  if (!numpack) return ''
  const store = makeStore(folder, 'stream-small.npk', [
    { name: 'holes', dtype: 'float32', shape: [NUMPACK_ROWS, COLUMNS], filled: true, holes: true },
  ])
  const spent = numpack('stream', store, 'holes', BATCH)['NumPack']!
  const activeBytes = (NUMPACK_ROWS * COLUMNS * 4 * 7) / 8 // makeStore deletes one row in eight.
  return `NumPack ${rate(activeBytes / spent)}`
}
