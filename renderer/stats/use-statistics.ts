import type { Figures, Params } from '../../core/explorer/contract/types.ts'
import { type Questions, type ShownRun, useRun } from './use-run.ts'

export type Histogram = NonNullable<Figures['histogram']>

export type StatisticsParams = Params<'readStatistics'>

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
