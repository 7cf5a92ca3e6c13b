import { useMemo } from 'react'
import type { ArrayTaskParams } from '../../../../core/explorer/contract/types.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'
import { type Buckets, bucketWidth, FIELDS } from './line-data.ts'

/** Enough that a line looks the same as with every value on any screen. */
export const MOST_BUCKETS = 2048

export type LinesParams = Omit<ArrayTaskParams<'lines'>, 'bucket'>

/** Lines of an array as buckets of their extremes: see `useTask`. */
export function useLines(params: LinesParams | null): {
  lines: TaskState<Buckets[]>
  cancel: () => void
  restart: () => void
} {
  const width = params === null ? 1 : bucketWidth(params.range, MOST_BUCKETS)
  const first = params === null ? 0 : Math.floor(params.range[0] / width)
  const count = params?.lines.length ?? 0
  const { task, ...actions } = useTask(params && { kind: 'lines', params: { ...params, bucket: width } })
  const lines = useMemo(() => {
    const bytes = task.result?.bytes
    return { ...task, result: bytes && bytes.byteLength > 0 ? bucketsOf(bytes, count, { width, first }) : null }
  }, [task, count, width, first])
  return { lines, ...actions }
}

/** Divides the bytes of a `lines` task into the buckets of each line. */
export function bucketsOf(
  bytes: ArrayBuffer,
  lines: number,
  { width, first }: Pick<Buckets, 'width' | 'first'>,
): Buckets[] {
  const fields = new Float64Array(bytes)
  const each = FIELDS * Math.floor(fields.length / FIELDS / lines)
  return Array.from({ length: lines }, (_, i) => ({ width, first, fields: fields.subarray(i * each, (i + 1) * each) }))
}
