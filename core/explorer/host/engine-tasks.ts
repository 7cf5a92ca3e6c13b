import { fromPlainError, NumPackError } from '../../format/errors.ts'
import type { Progress, ArrayTaskRequest } from '../contract/types.ts'
import type { ArrayTaskResult, TaskMessage, WorkerRequest } from '../engine/messages.ts'

export interface EngineTaskControl {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress, result: ArrayTaskResult | null) => void
}

interface Waiting {
  readonly onProgress: EngineTaskControl['onProgress']
  readonly resolve: (result: ArrayTaskResult) => void
  readonly reject: (error: NumPackError) => void
}

export class EngineTasks {
  readonly #send: (request: WorkerRequest) => void
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  constructor(send: (request: WorkerRequest) => void) {
    this.#send = send
  }

  run(request: ArrayTaskRequest, { signal, onProgress }: EngineTaskControl): Promise<ArrayTaskResult> {
    const id = ++this.#lastId
    return new Promise<ArrayTaskResult>((resolve, reject) => {
      this.#send({ startTask: id, request })
      this.#waiting.set(id, { onProgress, resolve, reject })
      signal.addEventListener('abort', () => {
        if (!this.#waiting.delete(id)) return
        this.#send({ cancelTask: id })
        reject(new NumPackError('ABORTED', 'The task was cancelled.'))
      })
    })
  }

  handle(message: TaskMessage): void {
    const task = this.#waiting.get(message.task)
    if (!task) return
    if (message.kind === 'taskProgress') return task.onProgress(message.progress, message.result)
    this.#waiting.delete(message.task)
    if (message.kind === 'taskDone') task.resolve(message.result)
    else task.reject(fromPlainError(message.error))
  }

  engineStopped({ code, message }: Pick<NumPackError, 'code' | 'message'>): void {
    for (const { reject } of this.#waiting.values()) reject(new NumPackError(code, message))
    this.#waiting.clear()
  }
}
