import { RowMap } from '../array/rowmap.ts'
import { atMost, type Bench, duration, type Figure, interleave, seconds, xorshift } from './harness.ts'

const ROWS = 100_000_000
const PLACES = 500_000
const LOOKUPS = 20_000
const SEED = 5

/** Looks up rows many at once, one by one, and each depending on the previous one (memory latency). */
export function rowMap({ comparator }: Bench): Figure[] {
  const random = xorshift(SEED)
  const words = Uint32Array.from({ length: Math.ceil(ROWS / 32) }, () => random() | random() | random())
  const map = new RowMap(words, ROWS)
  const places = Float64Array.from({ length: PLACES }, () => Math.floor((random() / 2 ** 32) * map.activeRows))
  let kept = 0
  let round = 0
  const eachOf = (lookUp: (places: Float64Array) => number) => (): number => {
    const from = (round++ * LOOKUPS) % PLACES
    const share = places.subarray(from, from + LOOKUPS)
    return seconds(() => (kept += lookUp(share))) / LOOKUPS
  }
  const { build } = interleave(31, { build: () => seconds(() => (kept += new RowMap(words, ROWS).activeRows)) })
  // Separate from building, which would empty the processor's caches.
  const spent = interleave(101, {
    selectAll: eachOf(places => map.selectActiveAll(places)[0]!),
    select: eachOf(places => {
      let sum = 0
      for (let i = 0; i < places.length; i++) sum += map.selectActive(places[i]!)
      return sum
    }),
    rank: eachOf(places => {
      let sum = 0
      for (let i = 0; i < places.length; i++) sum += map.rankActive(places[i]!)
      return sum
    }),
    selectAfter: eachOf(places => {
      let found = 0
      for (let i = 0; i < places.length; i++) found = map.selectActive(places[i]! ^ (found & 1))
      return found
    }),
    rankAfter: eachOf(places => {
      let found = 0
      for (let i = 0; i < places.length; i++) found = map.rankActive(places[i]! ^ (found & 1))
      return found
    }),
    c: () => comparator?.seconds('word', words.byteLength, LOOKUPS, SEED) ?? 0,
  })
  if (kept === 0) throw new Error('nothing was looked up')
  const figure = (what: string, value: number, perUnit: number, unit: string, limit: number | null): Figure => ({
    what: `row map of 1e8 rows: ${what}`,
    value: duration(value),
    beside: limit === null && comparator ? `C, a random word of as much memory ${duration(spent.c)}` : '',
    measured: limit !== null ? value * perUnit : comparator && value / spent.c,
    goal: limit === null ? null : atMost(limit, unit),
  })
  return [
    figure('build', build, 1e3, 'ms', 10),
    figure('physical rows of logical rows, many at once', spent.selectAll, 1e6, 'µs', 0.2),
    figure('physical row of a logical row', spent.select, 1e6, 'µs', 0.2),
    figure('logical row of a physical row', spent.rank, 1e6, 'µs', 0.2),
    figure('physical row of a logical row, each after the one before', spent.selectAfter, 1e6, 'µs', null),
    figure('logical row of a physical row, each after the one before', spent.rankAfter, 1e6, 'µs', null),
  ]
}
