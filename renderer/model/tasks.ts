import type { Answer, Task, TaskRequest } from '../../core/explorer/contract/types.ts'
import { BridgeError, type Bridge } from '../bridge/bridge.ts'

export type TaskResult = Answer<'readTaskResult'>

export interface TaskListener {
  /** Called with every change and the latest result, which is complete when the task is done; null before the first. */
  onTask: (task: Task, result: TaskResult | null) => void
  onError: (error: unknown) => void
}

/** Starts or joins a task and follows it, reading one result at a time. Returns a function that leaves it. */
export function followTask(bridge: Bridge, request: TaskRequest, { onTask, onError }: TaskListener): () => void {
  let hasLeft = false
  let isReading = false
  let task: Task | null = null
  let result: TaskResult | null = null
  /** Number of results that the host had when `result` was requested. */
  let resultsRead = 0
  /** Tasks whose events came before the answer to `startTask`, which has the id of ours. */
  const early = new Map<number, Task>()

  const read = async (id: number, results: number): Promise<void> => {
    isReading = true
    try {
      result = await bridge.request('readTaskResult', { task: id })
      resultsRead = results
    } catch (error) {
      if (!hasLeft) onError(error)
      return
    } finally {
      isReading = false
    }
    show()
  }

  const show = (): void => {
    if (hasLeft || task === null) return
    const { id, state, results } = task
    const isComplete = resultsRead === results
    if (isComplete || state !== 'done') onTask(task, state === 'failed' ? null : result)
    if (!isComplete && !isReading && state !== 'failed') void read(id, results)
  }

  const stop = bridge.subscribe(event => {
    if (event.type !== 'taskChanged') return
    if (task === null) early.set(event.task.id, event.task)
    else if (event.task.id === task.id) {
      task = event.task
      show()
    }
  })

  const leave = async (id: number): Promise<void> => {
    try {
      await bridge.request('cancelTask', { task: id })
    } catch (error) {
      // The task has already ended: its store was closed, or the host is gone.
      if (!(error instanceof BridgeError)) throw error
    }
  }

  const start = async (): Promise<void> => {
    try {
      const started = (await bridge.request('startTask', request)).result.task
      if (hasLeft) return void leave(started.id)
      task = early.get(started.id) ?? started
      early.clear()
      show()
    } catch (error) {
      if (!hasLeft) onError(error)
    }
  }
  void start()

  return () => {
    hasLeft = true
    stop()
    if (task !== null) void leave(task.id)
  }
}

/** Does a task and returns its complete result. Rejects with a BridgeError; with `ABORTED` when `signal` is aborted. */
export async function readTask(bridge: Bridge, request: TaskRequest, signal: AbortSignal): Promise<TaskResult> {
  const { promise, resolve, reject } = Promise.withResolvers<TaskResult>()
  const abort = (): void => reject(new BridgeError('ABORTED', 'The task was cancelled.'))
  const onTask: TaskListener['onTask'] = ({ state, error }, result) => {
    if (state === 'done' && result !== null) resolve(result)
    else if (state === 'cancelled') abort()
    else if (error !== null) reject(new BridgeError(error.code, error.message, error.details))
  }
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  const leave = followTask(bridge, request, { onTask, onError: reject })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    leave()
  }
}
