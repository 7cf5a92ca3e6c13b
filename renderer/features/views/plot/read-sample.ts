import type { Params } from '../../../../core/explorer/contract/types.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import type { Part } from '../../../../core/format/numbers.ts'
import { type Values, valuesOf, zerosFor } from '../../../../core/format/values.ts'
import type { Bridge } from '../../../bridge/bridge.ts'

export interface RowSample {
  values: Values[]
  done: number
}

interface SampleOptions {
  columns: readonly number[]
  dtype: DType
  part: Part
  rows: number
  step: number
  axes: number
}

/** Reads evenly spaced rows of some columns in pieces and calls back after each. Rejects with a BridgeError. */
export async function readRowSample(
  bridge: Bridge,
  where: Pick<Params<'readWindow'>, 'store' | 'array' | 'rowSet' | 'index'>,
  { columns, dtype, part, rows, step, axes }: SampleOptions,
  signal: AbortSignal,
  onRead: (sample: RowSample) => void,
): Promise<void> {
  const total = Math.ceil(rows / step)
  const values = columns.map(() => zerosFor(dtype, total))
  const { index, ...array } = where
  let done = 0
  while (done < total) {
    let came = total - done
    for (const [i, column] of columns.entries()) {
      const across = axes > 1 ? [...index.map(at => one(at)), one(column)] : []
      const params = { ...array, along: 0, axes: [{ start: done * step, count: came, step }, ...across] }
      const { result, bytes } = await bridge.request('readSteps', params, { signal })
      came = Math.min(came, result.done)
      const read = valuesOf(dtype, new Uint8Array(bytes), part)
      for (let row = 0; row < came; row++) values[i]![done + row] = read[row]!
    }
    done += came
    onRead({ values, done })
  }
}

const one = (start: number) => ({ start, count: 1, step: 1 })
