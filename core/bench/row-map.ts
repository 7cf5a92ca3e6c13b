import { RowMap } from '../storage/rowmap.ts'
import { atMost, duration, type Figure, interleave, seconds, xorshift } from './harness.ts'

const ROWS = 100_000_000
const PLACES = 500_000
/** A round's share of the places: each round looks up other ones, so that the processor's caches don't know them. */
const LOOKUPS = 20_000

/** Building the row map of 100 million rows, one in eight deleted at random, and looking up rows anywhere in it. */
export function rowMap(): Figure[] {
  const random = xorshift(5)
  const words = Uint32Array.from({ length: Math.ceil(ROWS / 32) }, () => random() | random() | random())
  const map = new RowMap(words, ROWS)
  const places = Float64Array.from({ length: PLACES }, () => Math.floor((random() / 2 ** 32) * map.activeRows))
  let kept = 0
  let round = 0
  const nextShare = (): Float64Array => {
    const from = (round++ * LOOKUPS) % PLACES
    return places.subarray(from, from + LOOKUPS)
  }
  const building = interleave(31, {
    build: () =>
      seconds(() => {
        kept += new RowMap(words, ROWS).activeRows
      }),
  })
  // On their own: a build in between would empty the processor's caches.
  const lookingUp = interleave(101, {
    'physical row of a logical row': () => {
      const share = nextShare()
      return (
        seconds(() => {
          for (const place of share) kept += map.selectActive(place)
        }) / LOOKUPS
      )
    },
    'logical row of a physical row': () => {
      const share = nextShare()
      return (
        seconds(() => {
          for (const place of share) kept += map.rankActive(place)
        }) / LOOKUPS
      )
    },
  })
  if (kept === 0) throw new Error('nothing was looked up')
  return Object.entries({ ...building, ...lookingUp }).map(([what, value]) => ({
    what: `row map of 1e8 rows: ${what}`,
    value: duration(value),
    beside: '',
    measured: what === 'build' ? value * 1000 : value * 1e6,
    goal: what === 'build' ? atMost(10, 'ms') : atMost(0.2, 'µs'),
  }))
}
