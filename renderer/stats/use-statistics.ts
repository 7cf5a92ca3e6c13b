import { useCallback, useEffect, useState } from 'react'
import type { Params, StatisticsState } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { reportFailure, sentence } from '../state/failures.ts'
import { useApp } from '../state/hooks.ts'

export type StatisticsParams = Params<'readStatistics'>

/** Milliseconds between two questions: soon again at first, since small arrays are done at once. */
const ASK_AGAIN_MS = [20, 50, 90, 150]

export type ShownStatistics = Pick<StatisticsState, 'figures' | 'progress'> & {
  state: StatisticsState['state'] | 'cancelled'
  failure: string | null
}

const NOTHING: ShownStatistics = {
  state: 'running',
  figures: null,
  progress: { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null },
  failure: null,
}

const rest = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

/**
 * Figures of an array or a part of it, refining until they are complete; `params` null asks for none. `delay` is how
 * long, in milliseconds, the params must stay before the first question.
 */
export function useStatistics(
  params: StatisticsParams | null,
  generation: number,
  delay = 0,
): { statistics: ShownStatistics; cancel: () => void; restart: () => void } {
  const app = useApp()
  const [attempt, setAttempt] = useState(0)
  const [shown, setShown] = useState({ key: '', statistics: NOTHING })
  const key = params && JSON.stringify([params, generation, attempt])
  const [cancelled, setCancelled] = useState<string | null>(null)
  const runs = key !== null && cancelled !== key

  useEffect(() => {
    if (key === null || !runs) return undefined
    const [asked] = JSON.parse(key) as [StatisticsParams]
    const abort = new AbortController()
    const ask = async (): Promise<void> => {
      await rest(delay, abort.signal)
      for (let times = 0; ; times++) {
        const { result } = await app.bridge.request('readStatistics', asked, { signal: abort.signal })
        const failure = result.error?.message ?? null
        setShown({ key, statistics: { ...result, failure } })
        if (result.state !== 'running') return
        await rest(ASK_AGAIN_MS[Math.min(times, ASK_AGAIN_MS.length - 1)]!, abort.signal)
      }
    }
    ask().catch((error: unknown) => {
      if (abort.signal.aborted || (error instanceof BridgeError && error.code === 'HOST_GONE')) return
      setShown({ key, statistics: { ...NOTHING, state: 'failed', failure: sentence(error) } })
    })
    return () => abort.abort()
  }, [app, key, runs, delay])

  const cancel = useCallback(() => {
    if (key === null) return
    setCancelled(key)
    setShown(shown => ({ ...shown, statistics: { ...shown.statistics, state: 'cancelled' } }))
    const [asked] = JSON.parse(key) as [StatisticsParams]
    app.bridge.request('cancelStatistics', asked).catch((error: unknown) => reportFailure(app, error))
  }, [app, key])
  const restart = useCallback(() => setAttempt(attempt => attempt + 1), [])
  return { statistics: shown.key === key ? shown.statistics : NOTHING, cancel, restart }
}
