import { useMemo } from 'react'
import type { ArrayTaskParams } from '../../../../core/explorer/contract/types.ts'
import { useResultMeanwhile } from '../../../model/use-result-meanwhile.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'

export type ColumnParams = ArrayTaskParams<'columnStatistics'>

/** Follows the statistics of every column, in the layout of `COLUMN_FIGURES`: see `useTask` and `useResultMeanwhile`. */
export function useColumnStatistics(params: ColumnParams): {
  statistics: TaskState<Float64Array>
  cancel: () => void
  restart: () => void
} {
  const { task, ...actions } = useTask({ kind: 'columnStatistics', params })
  const statistics = useMemo(() => {
    const bytes = task.result?.bytes
    return { ...task, result: bytes && bytes.byteLength > 0 ? new Float64Array(bytes) : null }
  }, [task])
  const about = JSON.stringify({ ...params, generation: null })
  return { statistics: useResultMeanwhile(statistics, about), ...actions }
}
