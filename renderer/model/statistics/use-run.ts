import { useCallback, useEffect, useState } from 'react'
import type { RunProgress } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { reportFailure, errorMessage } from '../error-message.ts'
import { useApp } from '../hooks.ts'
import type { App } from '../app.ts'

/** Milliseconds between two questions: soon again at first, since small arrays are done at once. */
const ASK_AGAIN_MS = [20, 50, 90, 150]

/** A long answer is work for both sides: the rest after it is so many times as long. */
const REST_SHARE = 3

/** Figures that the host works out, as far as they are known: null until the first ones are. */
export interface ShownRun<F> {
  state: RunProgress['state'] | 'cancelled'
  progress: RunProgress['progress']
  figures: F | null
  failure: string | null
}

/** How a kind of figures is asked for. */
export interface Questions<P, F> {
  ask(app: App, params: P, signal: AbortSignal): Promise<RunProgress & { figures: F | null }>
  cancel(app: App, params: P): Promise<unknown>
}

const NOTHING: ShownRun<never> = {
  state: 'running',
  progress: { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null },
  figures: null,
  failure: null,
}

const rest = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

/**
 * Figures, refining until they are complete; `params` null asks for none. `questions` must stay the same. `delay` is how
 * long, in milliseconds, the params must stay before the first question.
 */
export function useRun<P, F>(
  questions: Questions<P, F>,
  params: P | null,
  generation: number,
  delay = 0,
): { run: ShownRun<F>; cancel: () => void; restart: () => void } {
  const app = useApp()
  const [attempt, setAttempt] = useState(0)
  const [activeArray, setShown] = useState<{ key: string; run: ShownRun<F> }>({ key: '', run: NOTHING })
  const key = params && JSON.stringify([params, generation, attempt])
  const [cancelled, setCancelled] = useState<string | null>(null)
  const runs = key !== null && cancelled !== key

  useEffect(() => {
    if (key === null || !runs) return undefined
    const [asked] = JSON.parse(key) as [P]
    const abort = new AbortController()
    const ask = async (): Promise<void> => {
      if (delay > 0) await rest(delay, abort.signal)
      for (let times = 0; ; times++) {
        const start = performance.now()
        const { error, ...run } = await questions.ask(app, asked, abort.signal)
        setShown({ key, run: { ...run, failure: error?.message ?? null } })
        if (run.state !== 'running') return
        const soon = ASK_AGAIN_MS[Math.min(times, ASK_AGAIN_MS.length - 1)]!
        await rest(Math.max(soon, REST_SHARE * (performance.now() - start)), abort.signal)
      }
    }
    ask().catch((error: unknown) => {
      if (abort.signal.aborted || (error instanceof BridgeError && error.code === 'HOST_GONE')) return
      setShown({ key, run: { ...NOTHING, state: 'failed', failure: errorMessage(error) } })
    })
    return () => abort.abort()
  }, [app, questions, key, runs, delay])

  const cancel = useCallback(() => {
    if (key === null) return
    setCancelled(key)
    setShown(activeArray => ({ ...activeArray, run: { ...activeArray.run, state: 'cancelled' } }))
    const [asked] = JSON.parse(key) as [P]
    questions.cancel(app, asked).catch((error: unknown) => reportFailure(app, error))
  }, [app, questions, key])
  const restart = useCallback(() => setAttempt(attempt => attempt + 1), [])
  return { run: activeArray.key === key ? activeArray.run : NOTHING, cancel, restart }
}
