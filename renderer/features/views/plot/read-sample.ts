import type { Params } from '../../../../core/explorer/contract/types.ts'
import { numbersOf, type Part } from '../../../../core/format/numbers.ts'
import type { Bridge } from '../../../bridge/bridge.ts'

export interface RowSample {
  values: Float64Array[]
  done: number
}

interface SampleOptions {
  columns: readonly number[]
  part: Part
  rows: number
  step: number
  axes: number
}

/** Reads evenly spaced rows of some columns in pieces and calls back after each. Rejects with a BridgeError. */
export async function readRowSample(
  bridge: Bridge,
  where: Pick<Params<'readWindow'>, 'store' | 'array' | 'rowSet' | 'index'>,
  { columns, part, rows, step, axes }: SampleOptions,
  signal: AbortSignal,
  onRead: (sample: RowSample) => void,
): Promise<void> {
  const total = Math.ceil(rows / step)
  const values = columns.map(() => new Float64Array(total))
  const { index, ...array } = where
  let done = 0
  while (done < total) {
    let came = total - done
    for (const [i, column] of columns.entries()) {
      const across = axes > 1 ? [...index.map(at => one(at)), one(column)] : []
      const params = { ...array, along: 0, axes: [{ start: done * step, count: came, step }, ...across] }
      const { result, bytes } = await bridge.request('readSteps', params, { signal })
      came = Math.min(came, result.done)
      values[i]!.set(numbersOf(result.dtype, new Uint8Array(bytes), part).subarray(0, came), done)
    }
    done += came
    onRead({ values, done })
  }
}

const one = (start: number) => ({ start, count: 1, step: 1 })
