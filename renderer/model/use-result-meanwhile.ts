import { useState } from 'react'
import type { TaskState } from './use-task.ts'

/**
 * Returns a task whose result is, while it runs, the last complete one of a task with the same `about`: what is on screen
 * stays until all of what replaces it is there.
 */
export function useResultMeanwhile<R extends object>(task: TaskState<R>, about: string): TaskState<R> {
  const [complete, setComplete] = useState<{ about: string; result: R } | null>(null)
  const { state, result } = task
  if (state === 'done' && result !== null && complete?.result !== result) setComplete({ about, result })
  return state === 'running' && complete?.about === about ? { ...task, result: complete.result } : task
}
