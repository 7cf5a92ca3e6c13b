import { join } from 'node:path'
import { DEFAULT_SETTINGS, SETTING_NAMES } from '../explorer/contract/default-settings.ts'
import { type JobKind, JOB_KINDS } from '../explorer/contract/tasks.ts'
import { METHODS } from '../explorer/contract/schemas.ts'
import type { Method } from '../explorer/contract/types.ts'
import { PARTS } from '../format/numbers.ts'
import type { Random } from '../oracle/random.ts'

const METHOD_NAMES = Object.keys(METHODS) as Method[]

const LONG = 'n'.repeat(40_000)

function nested(depth: number): unknown {
  let value: unknown = []
  for (let i = 1; i < depth; i++) value = [value]
  return value
}

const HOSTILE: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  -1,
  0.5,
  -(2 ** 53),
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 60,
  1e308,
  5e-324,
  '',
  '\0',
  '__proto__',
  'constructor',
  LONG,
  '\ud800',
  null,
  undefined,
  true,
  [],
  {},
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  [[[[[[]]]]]],
  Array.from({ length: 1000 }, () => 1),
  new Uint8Array(8),
  10n,
  new Date(0),
]

/** Returns a hostile value; a new copy each time, because others are inserted into it. */
const hostile = (random: Random): unknown => structuredClone(random.pick(HOSTILE))

const COUNTS = [0, 1, 2, 7, 63, 64, 100, 1000, 65_536, 2 ** 31, 2 ** 32, 100_000_000, 2 ** 45, 2 ** 53 - 1]

export interface Targets {
  readonly paths: readonly string[]
  readonly stores: readonly { readonly id: number; readonly arrays: readonly string[] }[]
  /** The only folder that may be written to. */
  readonly writable: string
}

const READ_PATHS = [
  '/dev/zero',
  '/dev/null',
  '/dev/stdin',
  '/proc/self/mem',
  '/proc/self/fd',
  '/proc/kmsg',
  '/etc/passwd',
  '/',
  '.',
  '..',
  'relative',
  '\0',
  'a\0b',
  LONG.slice(0, 30_000),
  'x/'.repeat(5000),
  '\\\\host\\share',
  'file:///etc/passwd',
  '~',
]

export function randomRequest(random: Random, targets: Targets): { method: unknown; params: unknown } {
  const method = random.pick(METHOD_NAMES)
  // Jobs start threads, so they are rare.
  if (method === 'startTask' && random.below(8) > 0) return randomRequest(random, targets)
  const params = paramsOf(method, random, targets)
  const roll = random.below(100)
  if (roll < 2) return { method: hostile(random), params }
  if (roll < 4) return { method, params: hostile(random) }
  if (roll < 40) spoil(params, random)
  return { method, params }
}

function spoil(params: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(params).filter(key => key !== 'target' && key !== 'overwrite')
  if (keys.length === 0) return
  const key = random.pick(keys)
  const inner = params[key]
  if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner) && random.below(2) === 0) {
    const holder = inner as Record<string, unknown>
    const innerKeys = Object.keys(holder).filter(name => name !== 'target' && name !== 'overwrite')
    if (innerKeys.length > 0) holder[random.pick(innerKeys)] = hostile(random)
    return
  }
  if (random.below(6) === 0) delete params[key]
  else if (key !== 'params') params[key] = hostile(random)
}

function paramsOf(method: Method, random: Random, targets: Targets): Record<string, unknown> {
  const count = (): number => (random.below(3) === 0 ? random.pick(COUNTS) : random.below(300))
  const range = (): [number, number] => {
    const [a, b] = [count(), count()]
    return random.below(4) === 0 ? [a, a] : [Math.min(a, b), Math.max(a, b)]
  }
  const index = (): number[] => Array.from({ length: random.pick([0, 0, 0, 1, 2, 62]) }, () => random.below(4))
  const path = (): string => random.pick(random.below(3) === 0 ? READ_PATHS : targets.paths)
  const target = (): string =>
    random.pick([
      join(targets.writable, `target-${random.below(4)}.npk`),
      join(targets.writable, `target-${random.below(4)}.npkg`),
      join(targets.writable, 'deep', String(random.below(3)), 'x.npkg'),
      `${targets.writable}/a\0b`,
      join(targets.writable, LONG.slice(0, 300)),
      '/proc/self/attack.npkg',
    ])
  const open = (): { store: number; array: string } => {
    const { id, arrays } = random.pick(targets.stores)
    const store = random.below(12) === 0 ? random.pick(COUNTS) : id
    const isOther = random.below(12) === 0 || arrays.length === 0
    return { store, array: isOther ? random.pick(['', '__proto__', 'toString', '..', LONG]) : random.pick(arrays) }
  }
  const rowRef = (): unknown => ({ row: count(), numbering: random.pick(['logical', 'physical']) })
  const rowSet = (): string => random.pick(['active', 'all', 'deleted'])
  const block = (): Record<string, unknown> => ({ ...open(), rowSet: rowSet(), index: index() })
  const kind = (): string => random.pick(['backup', 'unpack'])
  const statistics = (): Record<string, unknown> => {
    const generation = random.below(3)
    if (random.below(2) === 0) return { kind: 'columnStatistics', params: { ...block(), generation, columns: range() } }
    const part = (): unknown => (random.below(2) === 0 ? null : range())
    const bars = { bins: 1 + random.below(1100), scale: random.pick(['linear', 'log']) }
    const places = { rows: part(), columns: part(), index: random.below(2) === 0 ? null : index() }
    return { kind: 'statistics', params: { ...block(), generation, ...places, ...bars } }
  }
  const plot = (): Record<string, unknown> => {
    const generation = random.below(3)
    if (random.below(2) === 0) {
      const along = random.pick(['rows', 'columns'])
      const lines = Array.from({ length: 1 + random.below(70) }, count)
      const drawn = { along, lines, range: range(), bucket: 1 + count(), part: random.pick(PARTS) }
      return { kind: 'lines', params: { ...block(), generation, ...drawn } }
    }
    const axes = Array.from({ length: random.below(5) }, () => ({ start: count(), count: count(), step: 1 + count() }))
    return { kind: 'sample', params: { ...open(), generation, rowSet: rowSet(), axes } }
  }
  switch (method) {
    case 'environment':
    case 'listRecents':
    case 'getPreferences':
    case 'getSettings':
    case 'pickFolder':
    case 'pickPackages':
    case 'listJobs':
      return {}
    case 'takeStartPaths':
      return { ticket: random.below(2) === 0 ? null : random.pick(['', '__proto__', 'toString', 'x'.repeat(100)]) }
    case 'openWindow':
      return { paths: Array.from({ length: random.below(4) }, path) }
    case 'zoomWindow':
      return { direction: random.pick(['in', 'out', 'reset']) }
    case 'openStore':
    case 'removeRecent':
    case 'showInFolder':
      return { path: path() }
    case 'followLinks':
      return { path: path(), follow: random.below(2) === 0 }
    case 'closeStore':
      // The stores that all requests share stay open.
      return { store: random.pick(COUNTS) + 1000 }
    case 'listPackedFiles':
      return { store: open().store }
    case 'listArrayFiles':
      return open()
    case 'suggestTarget':
      return { kind: kind(), source: path(), folder: random.below(2) === 0 ? null : path() }
    case 'checkTarget':
      return { kind: kind(), source: path(), target: path() }
    case 'readWindow':
      return { ...block(), rows: range(), columns: range() }
    case 'describeCell':
      return { ...block(), row: count(), column: count() }
    case 'locateRow':
      return {
        ...open(),
        rowSet: rowSet(),
        row: count(),
        numbering: random.pick(['logical', 'physical']),
      }
    case 'deletionMap':
      return { ...open(), buckets: 1 + random.below(8300) }
    case 'rememberPlace':
      return {
        path: path(),
        place: {
          array: open().array,
          row: count(),
          column: count(),
          rowSet: rowSet(),
          index: index(),
          shownAs: null,
          arrangement: {
            locations: [[open().array, { top: rowRef(), cursor: rowRef(), column: count(), index: index() }]],
            viewStates: [[open().array, { zoom: [count(), count()] }]],
          },
        },
      }
    case 'rememberBackup': {
      const backup = { path: path(), originalSize: count(), packageSize: count(), verified: count() }
      return { source: path(), backup }
    }
    case 'lastBackup':
      return { source: path() }
    case 'pinRecent':
      return { path: path(), pinned: random.below(2) === 0 }
    case 'setPreference': {
      const deep = random.below(3) === 0 ? nested(random.pick([10, 100, 2000, 6000])) : hostile(random)
      return { key: random.pick(['a', 'b', '__proto__', 'constructor', LONG]), value: deep }
    }
    case 'setSetting': {
      const key = random.pick(SETTING_NAMES)
      return { key, value: random.below(2) === 0 ? DEFAULT_SETTINGS[key] : hostile(random) }
    }
    case 'listFolder':
      return { path: random.below(5) === 0 ? null : path() }
    case 'pickTarget':
      return { kind: kind(), suggested: path() }
    case 'startTask': {
      if (random.below(2) === 0) return random.below(2) === 0 ? statistics() : plot()
      const job = random.pick(Object.keys(JOB_KINDS) as JobKind[])
      const params = { source: path(), ...(job !== 'verify' && { target: target(), overwrite: random.below(2) === 0 }) }
      return { kind: job, params }
    }
    case 'cancelTask':
    case 'readTaskResult':
      return { task: random.below(60) }
    case 'dismissJob':
      return { job: random.below(60) }
    default:
      return method satisfies never
  }
}
