import type { Params } from '../../../../core/explorer/contract/types.ts'
import { type Questions, type ShownRun, useRun } from '../../../model/statistics/use-run.ts'

export type ColumnParams = Params<'readColumnStatistics'>

const QUESTIONS: Questions<ColumnParams, Float64Array> = {
  async ask(app, params, signal) {
    const { result, bytes } = await app.bridge.request('readColumnStatistics', params, { signal })
    return { ...result, figures: bytes.byteLength === 0 ? null : new Float64Array(bytes) }
  },
  cancel: (app, params) => app.bridge.request('cancelColumnStatistics', params),
}

export const useColumnStatistics = (
  params: ColumnParams | null,
  generation: number,
): { run: ShownRun<Float64Array>; cancel: () => void; restart: () => void } => useRun(QUESTIONS, params, generation)
