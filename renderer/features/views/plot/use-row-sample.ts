import { useMemo } from 'react'
import type { ArrayTaskParams } from '../../../../core/explorer/contract/types.ts'
import type { Part } from '../../../../core/format/numbers.ts'
import { columnOf, type Values, valuesOf } from '../../../../core/format/values.ts'
import { useResultMeanwhile } from '../../../model/use-result-meanwhile.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'

/** Evenly spaced rows of two columns, as far as they are read. */
export interface RowSample {
  x: Values
  y: Values
  /** Distance between two rows. */
  step: number
}

interface SampleParams extends Omit<ArrayTaskParams<'sample'>, 'axes'> {
  /** Indices along the middle axes. */
  index: readonly number[]
  /** Columns of the sample; an array of one axis has only column 0. */
  x: number
  y: number
  rows: number
  /** Distance between two rows. */
  step: number
  /** Number of axes of the array. */
  axes: number
  part: Part
}

/** Reads evenly spaced rows of two columns: see `useTask` and `useResultMeanwhile`. */
export function useRowSample(
  { index, x, y, rows, step, axes, part, ...where }: SampleParams,
  about: string,
): {
  sample: TaskState<RowSample>
  cancel: () => void
  restart: () => void
} {
  const [low, distance] = [Math.min(x, y), Math.abs(x - y)]
  const width = axes > 1 && distance > 0 ? 2 : 1
  const across = [
    ...index.map(at => ({ start: at, count: 1, step: 1 })),
    { start: low, count: width, step: Math.max(1, distance) },
  ]
  const { task, ...actions } = useTask({
    kind: 'sample',
    params: { ...where, axes: [{ start: 0, count: Math.ceil(rows / step), step }, ...(axes > 1 ? across : [])] },
  })
  const sample = useMemo(() => {
    const reading = task.result?.result.reading ?? null
    if (task.result === null || reading === null) return { ...task, result: null }
    const values = valuesOf(reading.dtype, new Uint8Array(task.result.bytes), part).subarray(0, reading.done)
    const column = (number: number): Values => columnOf(values, width, number > low ? width - 1 : 0)
    return { ...task, result: { x: column(x), y: column(y), step } }
  }, [task, part, width, low, x, y, step])
  return { sample: useResultMeanwhile(sample, about), ...actions }
}
