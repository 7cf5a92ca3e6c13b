import { NO_PROGRESS } from '../../../core/explorer/contract/tasks.ts'
import type { Task, TaskRequest } from '../../../core/explorer/contract/types.ts'

type TaskOf<R extends TaskRequest> = Extract<Task, { kind: R['kind'] }>

export const runningTask = <R extends TaskRequest>(request: R, id = 1): TaskOf<R> =>
  ({
    id,
    ...request,
    state: 'running',
    progress: NO_PROGRESS,
    started: 0,
    ended: null,
    results: 0,
    result: null,
    error: null,
  }) as unknown as TaskOf<R>
