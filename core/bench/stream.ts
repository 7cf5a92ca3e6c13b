import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { NumPack } from '../storage/numpack.ts'
import { atLeast, type Bench, type Figure, interleave, rate, seconds } from './harness.ts'
import { makeStore } from './stores.ts'

const ROWS = 1_000_000
const COLUMNS = 64
const BYTES = ROWS * COLUMNS * 4
/** 1 MiB a batch. */
const BATCH = 4096
const ROUNDS = 7
/** NumPack streams through a bitmap at 3 MB/s: a fraction of the array has to do. */
const NUMPACK_ROWS = 40_000

/** Seconds that dd says it took. */
function dd(file: string): number {
  const run = spawnSync('dd', [`if=${file}`, 'of=/dev/null', 'bs=1M'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const spent = / copied, ([\d.e-]+) s/.exec(run.stderr)
  if (!spent) throw new Error(`dd: ${run.stderr}`)
  return Number(spent[1])
}

/** Reading a whole array of 256 MB batch by batch, without deleted rows and with one in eight deleted. */
export function stream({ folder, numpack }: Bench): Figure[] {
  const shape = [ROWS, COLUMNS]
  const store = makeStore(folder, 'stream.npk', [
    { name: 'plain', dtype: 'float32', shape, filled: true, holes: false },
    { name: 'holes', dtype: 'float32', shape, filled: true, holes: true },
  ])
  using npk = NumPack.open(store, { readOnly: true })
  const through = (name: string): number => {
    let bytes = 0
    const spent = seconds(() => {
      for (const batch of npk.streamLoad(name, BATCH)) bytes += batch.nbytes
    })
    return bytes / spent
  }
  const file = join(store, 'data_plain.npkd')
  const figures = interleave(ROUNDS, {
    dd: () => (process.platform === 'win32' ? 0 : BYTES / dd(file)),
    plain: () => through('plain'),
    holes: () => through('holes'),
  })
  return [
    {
      what: 'streamLoad of 256 MB, 1 MiB batches',
      value: rate(figures.plain),
      beside: `dd ${rate(figures.dd)}`,
      measured: figures.dd > 0 ? figures.plain / figures.dd : null,
      goal: atLeast(0.9, 'x'),
    },
    {
      what: 'streamLoad through a bitmap',
      value: rate(figures.holes),
      beside: numPackBeside(folder, numpack),
      measured: figures.holes / figures.plain,
      goal: atLeast(0.5, 'x'),
    },
  ]
}

function numPackBeside(folder: string, numpack: Bench['numpack']): string {
  if (!numpack) return ''
  const store = makeStore(folder, 'stream-small.npk', [
    { name: 'holes', dtype: 'float32', shape: [NUMPACK_ROWS, COLUMNS], filled: true, holes: true },
  ])
  const spent = numpack('stream', store, 'holes', BATCH)['NumPack']!
  return `NumPack ${rate((NUMPACK_ROWS * COLUMNS * 4 * 7) / 8 / spent)}`
}
