import { type NDArray, NumPack } from 'numpack'
import * as np from 'numpy-ts'
import { run } from './run.ts'
import { normal } from './samples.ts'

export type LoadingMode = 'whole' | 'lazy' | 'stream'

/**
 * How to load an array:
 * - `whole`: it fits into the available memory and most of it is needed: one read, then NumPy's speed;
 * - `lazy`: only some rows or columns are needed, in any order;
 * - `stream`: everything is needed once, but does not fit.
 */
export function chooseMode(nbytes: number, memory: number, shareNeeded: number): LoadingMode {
  if (shareNeeded < 0.1) return 'lazy'
  return nbytes <= memory ? 'whole' : 'stream'
}

function sum(array: NDArray): number {
  using values = array.toNumpy(np)
  using exact = values.astype('float64')
  return Number(np.sum(exact))
}

export function sums(folder: string): Record<LoadingMode, number> & { chosen: LoadingMode } {
  using npk = NumPack.open(`${folder}/modes.npk`)
  npk.save({ x: normal(2000, 20) })

  const lazy = npk.load('x', { lazy: true })
  let streamed = 0
  for (const batch of npk.streamLoad('x', 100, { reuse: true })) streamed += sum(batch)
  let byColumn = 0
  for (let column = 0; column < 20; column++) byColumn += sum(lazy.get(':', column))
  return {
    whole: sum(npk.load('x')),
    lazy: byColumn,
    stream: streamed,
    chosen: chooseMode(lazy.nbytes, 64 * 2 ** 20, 1),
  }
}

if (import.meta.main) run(sums)
