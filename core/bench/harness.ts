import type { Comparator } from './comparator.ts'

export interface Bench {
  readonly folder: string
  readonly comparator: Comparator | null
  /** Runs compare.py with real NumPack and NumPy; returns seconds by name. */
  readonly numpack: ((...args: (string | number)[]) => Record<string, number>) | null
}

export interface Figure {
  readonly what: string
  readonly value: string
  /** Formatted comparison: 'C pread 0.84 µs'; '' for an absolute goal. */
  readonly beside: string
  /** The number that the goal refers to: a ratio (always, without a goal), or the result in the goal's unit. */
  readonly measured: number | null
  readonly goal: Goal | null
}

export interface Goal {
  readonly bound: 'at most' | 'at least'
  readonly limit: number
  /** 'x' for a ratio, otherwise the unit. */
  readonly unit: string
}

export type Benchmark = (bench: Bench) => Figure[] | Promise<Figure[]>

export const atMost = (limit: number, unit: string): Goal => ({ bound: 'at most', limit, unit })
export const atLeast = (limit: number, unit: string): Goal => ({ bound: 'at least', limit, unit })

/**
 * Runs contestants in turn, so that the machine's load affects all. Returns the lower quartile of each one's seconds,
 * which on a busy machine still comes from undisturbed rounds. The first tenth warms up.
 */
export function interleave<K extends string>(rounds: number, contestants: Record<K, () => number>): Record<K, number> {
  const names = Object.keys(contestants) as K[]
  const figures = new Map<K, number[]>(names.map(name => [name, []]))
  const warmUp = Math.ceil(rounds / 10)
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const figure = contestants[name]()
      if (round >= warmUp) figures.get(name)!.push(figure)
    }
  }
  return Object.fromEntries(names.map(name => [name, lowerQuartile(figures.get(name)!)])) as Record<K, number>
}

export const lowerQuartile = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 2]!

/** Same as `interleave`, for asynchronous contestants; the first round is not counted. */
export async function inTurn<K extends string>(
  rounds: number,
  contestants: Record<K, () => Promise<number> | number>,
): Promise<Record<K, number>> {
  const names = Object.keys(contestants) as K[]
  const figures = new Map<K, number[]>(names.map(name => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const figure = await contestants[name]()
      if (round > 0) figures.get(name)!.push(figure)
    }
  }
  return Object.fromEntries(names.map(name => [name, lowerQuartile(figures.get(name)!)])) as Record<K, number>
}

export async function secondsOf(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

export function seconds(work: () => void): number {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}

/** Measures the seconds per call, after a tenth as many unmeasured calls, as compare.c does. */
export function secondsEach(calls: number, work: (call: number) => void): number {
  for (let call = 0; call < calls / 10; call++) work(call)
  return (
    seconds(() => {
      for (let call = 0; call < calls; call++) work(call)
    }) / calls
  )
}

/** xorshift32 (Marsaglia 2003). */
export function xorshift(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function duration(value: number): string {
  const [scale, unit] = value < 1e-6 ? [1e9, 'ns'] : value < 1e-3 ? [1e6, 'µs'] : value < 1 ? [1e3, 'ms'] : [1, 's']
  return `${(value * scale).toPrecision(3)} ${unit}`
}

export const rate = (bytesPerSecond: number): string => `${(bytesPerSecond / 1e9).toPrecision(3)} GB/s`
