import { RowMap } from '../storage/rowmap.ts'
import { atMost, duration, type Figure, interleave, seconds, xorshift } from './harness.ts'

const ROWS = 100_000_000
const LOOKUPS = 200_000

/** Building the row map of 100 million rows, one in eight deleted at random, and looking up rows anywhere in it. */
export function rowMap(): Figure[] {
  const random = xorshift(5)
  const words = Uint32Array.from({ length: Math.ceil(ROWS / 32) }, () => random() | random() | random())
  const map = new RowMap(words, ROWS)
  const places = Float64Array.from({ length: LOOKUPS }, () => Math.floor((random() / 2 ** 32) * map.activeRows))
  let kept = 0
  const figures = interleave(7, {
    build: () =>
      seconds(() => {
        kept += new RowMap(words, ROWS).activeRows
      }),
    'physical row of a logical row': () =>
      seconds(() => {
        for (const place of places) kept += map.selectActive(place)
      }) / LOOKUPS,
    'logical row of a physical row': () =>
      seconds(() => {
        for (const place of places) kept += map.rankActive(place)
      }) / LOOKUPS,
  })
  if (kept === 0) throw new Error('nothing was looked up')
  return Object.entries(figures).map(([what, value]) => ({
    what: `row map of 1e8 rows: ${what}`,
    value: duration(value),
    beside: '',
    measured: what === 'build' ? value * 1000 : value * 1e6,
    goal: what === 'build' ? atMost(10, 'ms') : atMost(0.2, 'µs'),
  }))
}
