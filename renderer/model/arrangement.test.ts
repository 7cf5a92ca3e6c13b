import { expect, test } from 'vitest'
import type { ArrayLocation } from '../../core/explorer/contract/types.ts'
import { Arrangement } from '../../core/explorer/contract/stores.ts'
import { arrangementOf, setLatest } from './arrangement.ts'
import type { OpenStore } from './session.ts'
import { storeInfo } from './test-support/fake-host.ts'

const ROW = { row: 1, numbering: 'logical' as const }
const LOCATION: ArrayLocation = { top: ROW, cursor: ROW, column: 0, index: [] }

const store = (
  locations: ReadonlyMap<string, ArrayLocation>,
  viewStates: Map<string, unknown> = new Map(),
): OpenStore => ({
  info: storeInfo(1, '/a.npk'),
  rowSet: 'active',
  viewId: 'grid',
  selected: null,
  activeArray: null,
  locations,
  viewStates,
})

const numbered = <T>(count: number, value: T): Map<string, T> =>
  new Map(Array.from({ length: count }, (_, i) => [`array ${i}`, value]))

test('the latest entries of a large store are kept, as many as the host accepts', () => {
  const arrangement = arrangementOf(store(numbered(5000, LOCATION), numbered(5000, { zoom: [0, 1] })))
  expect(Arrangement.safeParse(arrangement).success).toBe(true)
  for (const entries of [arrangement.locations, arrangement.viewStates]) {
    const first = 5000 - entries.length
    expect(entries.map(([name]) => name)).toEqual(Array.from(entries, (_, i) => `array ${first + i}`))
    expect(entries.length).toBeGreaterThan(50)
  }
})

test('an entry that is too large leaves room for the others', () => {
  const states = new Map<string, unknown>([
    ['early', { bins: 7 }],
    ['large', 'x'.repeat(20_000)],
    ['late', { bins: 9 }],
  ])
  expect(arrangementOf(store(new Map(), states)).viewStates.map(([key]) => key)).toEqual(['early', 'late'])
})

test('an entry that is set again is the latest', () => {
  const states = numbered<number>(3, 0)
  expect([...setLatest(states, 'array 0', 1)]).toEqual([
    ['array 1', 0],
    ['array 2', 0],
    ['array 0', 1],
  ])
})
