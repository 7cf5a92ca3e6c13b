import { useState } from 'react'
import type { ArrayInfo, Figures, Params } from '../../../core/explorer/contract/types.ts'
import { countedView } from '../../../core/explorer/contract/views.ts'
import type { OpenStore } from '../session.ts'
import { type Questions, type ShownRun, useRun } from './use-run.ts'

export type Histogram = NonNullable<Figures['histogram']>

export type StatisticsParams = Params<'readStatistics'>

/** Asks about every row of an array that the store's view counts. Equal questions share one run. */
export const wholeArray = (
  store: OpenStore,
  array: ArrayInfo,
  { bins, scale }: Pick<StatisticsParams, 'bins' | 'scale'> = { bins: 64, scale: 'linear' },
): StatisticsParams => ({
  store: store.info.id,
  array: array.name,
  view: countedView(store.view),
  rows: null,
  columns: null,
  index: null,
  bins,
  scale,
})

/** Asks about one column: a place on the last axis, at the slice that is shown. */
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

const QUESTIONS: Questions<StatisticsParams, Figures> = {
  ask: async (app, params, signal) => (await app.bridge.request('readStatistics', params, { signal })).result,
  cancel: (app, params) => app.bridge.request('cancelStatistics', params),
}

/** Figures of an array or a part of it: see `useRun`. */
export function useStatistics(
  params: StatisticsParams | null,
  generation: number,
  delay = 0,
): { statistics: ShownRun<Figures>; cancel: () => void; restart: () => void } {
  const { run, ...actions } = useRun(QUESTIONS, params, generation, delay)
  return { statistics: run, ...actions }
}

/** The figures; until the first of those that are asked for now are there, the ones before. */
export function useFiguresMeanwhile({ state, figures }: ShownRun<Figures>): {
  figures: Figures | null
  isBefore: boolean
} {
  const [last, setLast] = useState(figures)
  if (figures !== null && figures !== last) setLast(figures)
  const isBefore = figures === null && last !== null && state === 'running'
  return { figures: isBefore ? last : figures, isBefore }
}
