import { useState } from 'react'
import type { TaskState } from './use-task.ts'

/**
 * Keeps the last complete result on screen while the task that replaces it runs: returns the task with that result in
 * the place of its partial one. Only a result of the same `about`, as of the same plot, is kept.
 */
export function useResultMeanwhile<R extends object>(task: TaskState<R>, about: string): TaskState<R> {
  const [complete, setComplete] = useState<{ about: string; result: R } | null>(null)
  const { state, result } = task
  if (state === 'done' && result !== null && complete?.result !== result) setComplete({ about, result })
  return state === 'running' && complete?.about === about ? { ...task, result: complete.result } : task
}
