import { useMemo, useState } from 'react'
import type { StatisticsParams } from '../../../../core/explorer/contract/types.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'

export type ColumnParams = StatisticsParams<'columnStatistics'>

/** Statistics of every column, as `COLUMN_FIGURES` lays them out: see `useTask`. */
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
  const [last, setLast] = useState<{ about: string; result: Float64Array } | null>(null)
  const { state, result } = statistics
  if (result !== null && last?.result !== result) setLast({ about, result })
  // Figures of changed rows replace the old ones when they are there.
  const isBefore = result === null && state === 'running' && last?.about === about
  return { statistics: isBefore ? { ...statistics, result: last.result } : statistics, ...actions }
}
