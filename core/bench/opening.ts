import type { DType } from '../format/dtype.ts'
import { NumPack } from '../storage/numpack.ts'
import { atMost, type Bench, duration, type Figure, interleave, seconds } from './harness.ts'
import { makeStore } from './stores.ts'

const ARRAYS = 12
/** Enough in a round that most are measured after the engine has compiled them. */
const OPENINGS = 50
const LAZY = 20_000

export function opening({ folder }: Bench): Figure[] {
  const dtypes: DType[] = ['float32', 'int64', 'bool', 'uint8']
  const store = makeStore(
    folder,
    'opening.npk',
    Array.from({ length: ARRAYS }, (_, i) => ({
      name: `array ${i}`,
      dtype: dtypes[i % dtypes.length]!,
      shape: [1000 * (i + 1), 8],
      filled: true,
      holes: i % 3 === 0,
    })),
  )
  using npk = NumPack.open(store, { readOnly: true })
  const figures = interleave(51, {
    open: () =>
      seconds(() => {
        for (let i = 0; i < OPENINGS; i++) {
          using opened = NumPack.open(store, { readOnly: true })
          if (opened.getMemberList().length !== ARRAYS) throw new Error('arrays are missing')
        }
      }) / OPENINGS,
    lazy: () =>
      seconds(() => {
        for (let i = 0; i < LAZY; i++) npk.load('array 3', { lazy: true })
      }) / LAZY,
  })
  return [
    {
      what: `open a store of ${ARRAYS} arrays, list and close it`,
      value: duration(figures.open),
      beside: '',
      measured: figures.open * 1000,
      goal: atMost(1, 'ms'),
    },
    {
      what: 'create a lazy array',
      value: duration(figures.lazy),
      beside: '',
      measured: figures.lazy * 1e6,
      goal: atMost(2, 'µs'),
    },
  ]
}
