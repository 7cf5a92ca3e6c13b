import { useCallback, useEffect, useState } from 'react'
import { NO_PROGRESS } from '../../core/explorer/contract/tasks.ts'
import type { Task, TaskRequest } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { errorMessage } from './error-message.ts'
import { useApp } from './hooks.ts'
import { followTask, type TaskResult } from './tasks.ts'

export interface TaskState<R> extends Pick<Task, 'state' | 'progress'> {
  result: R | null
  failure: string | null
}

const NOT_STARTED: TaskState<never> = {
  state: 'running',
  progress: NO_PROGRESS,
  result: null,
  failure: null,
}

/** Follows a task; leaves it when the request changes. `delay`: milliseconds that a request must rest first. */
export function useTask(
  request: TaskRequest | null,
  delay = 0,
): { task: TaskState<TaskResult>; cancel: () => void; restart: () => void } {
  const app = useApp()
  const [attempt, setAttempt] = useState(0)
  const [latest, setLatest] = useState<{ key: string; task: TaskState<TaskResult> }>({ key: '', task: NOT_STARTED })
  const key = request && JSON.stringify([request, attempt])
  const [cancelled, setCancelled] = useState<string | null>(null)
  const isWanted = key !== null && cancelled !== key

  useEffect(() => {
    if (key === null || !isWanted) return undefined
    const [wanted] = JSON.parse(key) as [TaskRequest]
    let leave = (): void => {}
    const start = (): void => {
      leave = followTask(app.bridge, wanted, {
        onTask: ({ state, progress, error }, result) =>
          setLatest({ key, task: { state, progress, result, failure: error?.message ?? null } }),
        onError: error => {
          if (error instanceof BridgeError && error.code === 'HOST_GONE') return
          setLatest({ key, task: { ...NOT_STARTED, state: 'failed', failure: errorMessage(error) } })
        },
      })
    }
    const timer = delay > 0 ? setTimeout(start, delay) : undefined
    if (delay <= 0) start()
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [app, key, isWanted, delay])

  const cancel = useCallback(() => {
    if (key === null) return
    setCancelled(key)
    setLatest(({ task }) => ({ key, task: { ...task, state: 'cancelled' } }))
  }, [key])
  const restart = useCallback(() => setAttempt(attempt => attempt + 1), [])
  return { task: latest.key === key ? latest.task : NOT_STARTED, cancel, restart }
}
