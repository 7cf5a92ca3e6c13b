import { useMemo } from 'react'
import type { ArrayTaskParams } from '../../../../core/explorer/contract/types.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { viewFields } from '../../../../core/format/values.ts'
import { useResultMeanwhile } from '../../../model/use-result-meanwhile.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'
import { type Buckets, bucketWidth, FIELDS } from './line-data.ts'

/** Enough that a line looks the same as with every value on any screen. */
export const MOST_BUCKETS = 2048

export type LinesParams = Omit<ArrayTaskParams<'lines'>, 'bucket'>

/** Lines of an array as buckets of their extremes: see `useTask` and `useResultMeanwhile`. */
export function useLines(
  params: LinesParams | null,
  about: string,
): {
  lines: TaskState<Buckets[]>
  cancel: () => void
  restart: () => void
} {
  const width = params === null ? 1 : bucketWidth(params.range, MOST_BUCKETS)
  const first = params === null ? 0 : Math.floor(params.range[0] / width)
  const count = params?.lines.length ?? 0
  const { task, ...actions } = useTask(params && { kind: 'lines', params: { ...params, bucket: width } })
  const lines = useMemo(() => {
    const dtype = task.result?.result.reading?.dtype
    const bytes = task.result?.bytes
    const isKnown = dtype !== undefined && bytes !== undefined && bytes.byteLength > 0
    return { ...task, result: isKnown ? bucketsOf(bytes, { lines: count, dtype, width, first }) : null }
  }, [task, count, width, first])
  return { lines: useResultMeanwhile(lines, about), ...actions }
}

interface Layout extends Pick<Buckets, 'width' | 'first'> {
  lines: number
  dtype: DType
}

/** Divides the bytes of a `lines` task into the buckets of each line. */
export function bucketsOf(bytes: ArrayBuffer, { lines, dtype, width, first }: Layout): Buckets[] {
  const all = new Float64Array(bytes)
  const each = FIELDS * Math.floor(all.length / FIELDS / lines)
  return Array.from({ length: lines }, (_, i) => {
    const fields = all.subarray(i * each, (i + 1) * each)
    return { width, first, fields, values: viewFields(dtype, fields) }
  })
}
