import { useMemo, useState } from 'react'
import type { ArrayInfo, Figures, ArrayTaskParams } from '../../../core/explorer/contract/types.ts'
import { countedRowSet } from '../../../core/explorer/contract/row-sets.ts'
import type { OpenStore } from '../session.ts'
import { type TaskState, useTask } from '../use-task.ts'

export type Histogram = NonNullable<Figures['histogram']>

export type StatisticsParams = ArrayTaskParams<'statistics'>

/** Returns the params for every row that the store's row set counts. Windows with equal params share a task. */
export const wholeArray = (
  store: OpenStore,
  array: ArrayInfo,
  { bins, scale }: Pick<StatisticsParams, 'bins' | 'scale'> = { bins: 64, scale: 'linear' },
): StatisticsParams => ({
  store: store.info.id,
  array: array.name,
  generation: array.generation,
  rowSet: countedRowSet(store.rowSet),
  rows: null,
  columns: null,
  index: null,
  bins,
  scale,
})

/** Returns the params for one column of the slice on screen: an index on the last axis. */
export const wholeColumn = (
  store: OpenStore,
  array: ArrayInfo,
  column: number,
  bins: Pick<StatisticsParams, 'bins' | 'scale'>,
): StatisticsParams => ({
  ...wholeArray(store, array, bins),
  columns: [column, column + 1],
  index: [...(store.activeArray?.index ?? [])],
})

export function useStatistics(
  params: StatisticsParams | null,
  delay = 0,
): { statistics: TaskState<Figures>; cancel: () => void; restart: () => void } {
  const { task, ...actions } = useTask(params && { kind: 'statistics', params }, delay)
  return { statistics: useMemo(() => ({ ...task, result: task.result?.result.figures ?? null }), [task]), ...actions }
}

/** Returns the figures of a task; until its first ones arrive, those of the previous task (`isPrevious`). */
export function useFiguresMeanwhile({ state, result: figures }: TaskState<Figures>): {
  figures: Figures | null
  isPrevious: boolean
} {
  const [last, setLast] = useState(figures)
  if (figures !== null && figures !== last) setLast(figures)
  const isPrevious = figures === null && last !== null && state === 'running'
  return { figures: isPrevious ? last : figures, isPrevious }
}
