import { join } from 'node:path'
import { NumPack } from '../storage/numpack.ts'
import { atMost, type Bench, duration, type Figure, interleave, secondsEach, xorshift } from './harness.ts'
import { makeStore } from './stores.ts'

/** Rows of 400 bytes: 40 GB in the large array, whose file is sparse. */
const COLUMNS = 100
const NUMPACK_READS = 200
const ROUNDS = 51
/** Rows to read, wherever they are: as many in both arrays, so that the page cache holds them all. */
const PLACES = 2000
const READS = PLACES
const SEED = 13
const SAME = 1.5

/** The goal is the ratio to C: the page cache finds a page of 40 GB more slowly than one of 4 MB. */
export function bitmapRows({ folder, comparator, numpack }: Bench): Figure[] {
  const store = makeStore(folder, 'bitmap.npk', [
    { name: 'small', dtype: 'float32', shape: [10_000, COLUMNS], filled: true, holes: true },
    { name: 'large', dtype: 'float32', shape: [100_000_000, COLUMNS], filled: false, holes: true },
  ])
  using npk = NumPack.open(store, { readOnly: true })
  const reader = (name: string): (() => number) => {
    const lazy = npk.load(name, { lazy: true })
    const random = xorshift(SEED)
    const places = Array.from({ length: PLACES }, () => Math.floor((random() / 2 ** 32) * lazy.length))
    let next = 0
    return () => secondsEach(READS, () => lazy.get(places[next++ % PLACES]!))
  }
  const inC = (name: string) => (): number =>
    comparator?.seconds('pread', join(store, `data_${name}.npkd`), 4 * COLUMNS, 1, READS, PLACES, SEED) ?? 0
  const figures = interleave(ROUNDS, {
    small: reader('small'),
    large: reader('large'),
    cSmall: inC('small'),
    cLarge: inC('large'),
  })
  const { small, large, cSmall, cLarge } = figures
  const atSmall = `at 1e4 rows ${duration(small)}`
  const what = 'random row of an array of 1e8 rows, one in eight deleted'
  const value = duration(large)
  const numPackText = besideNumPack(folder, numpack)
  if (!comparator) {
    return [{ what, value, beside: `${atSmall}${numPackText}`, measured: large / small, goal: atMost(SAME, 'x') }]
  }
  return [
    { what, value, beside: `${atSmall}${numPackText}`, measured: large / small, goal: null },
    {
      what: `${what}, each beside C pread of the same places`,
      value: `${(large / cLarge).toFixed(2)} x C`,
      beside: `at 1e4 rows ${(small / cSmall).toFixed(2)} x C, C ${duration(cLarge)} and ${duration(cSmall)}`,
      measured: large / cLarge / (small / cSmall),
      goal: atMost(SAME, 'x'),
    },
  ]
}

function besideNumPack(folder: string, numpack: Bench['numpack']): string {
  if (!numpack) return ''
  const store = makeStore(folder, 'bitmap-numpack.npk', [
    { name: 'x', dtype: 'float32', shape: [1_000_000, COLUMNS], filled: false, holes: true },
  ])
  return `, NumPack at 1e6 ${duration(numpack('rows', store, 'x', NUMPACK_READS)['NumPack']!)}`
}
