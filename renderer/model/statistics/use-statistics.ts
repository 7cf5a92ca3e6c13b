import { useMemo, useState } from 'react'
import type { ArrayInfo, Figures, ArrayTaskParams } from '../../../core/explorer/contract/types.ts'
import { countedRowSet } from '../../../core/explorer/contract/row-sets.ts'
import type { OpenStore } from '../session.ts'
import { type TaskState, useTask } from '../use-task.ts'

export type Histogram = NonNullable<Figures['histogram']>

export type StatisticsParams = ArrayTaskParams<'statistics'>

/** Asks about every row of an array that the store's row set counts. Equal requests share one task. */
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

/** Asks about one column: an index on the last axis, in the slice on screen. */
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

/** Returns the figures of a request; until the first ones arrive, those of the previous request (`isBefore`). */
export function useFiguresMeanwhile({ state, result: figures }: TaskState<Figures>): {
  figures: Figures | null
  isBefore: boolean
} {
  const [last, setLast] = useState(figures)
  if (figures !== null && figures !== last) setLast(figures)
  const isBefore = figures === null && last !== null && state === 'running'
  return { figures: isBefore ? last : figures, isBefore }
}
