import { NumPackError } from '../format/errors.ts'

interface Bounds {
  /** Most tasks that run at once. */
  running: number
  /** Most tasks that wait. */
  waiting: number
  /** Plural noun for the tasks, in the error of a full queue. */
  name: string
}

/** Runs a limited number of tasks at once; the others wait in order. */
export class TaskQueue {
  readonly #bounds: Bounds
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Throws `ARGUMENT` if the queue is full. */
  checkRoom(): void {
    const { running, waiting, name } = this.#bounds
    if (this.#running < running || this.#waiting.size < waiting) return
    throw new NumPackError(
      'ARGUMENT',
      `Too many ${name}: ${running} are running and ${waiting} are waiting. Try again when some have ended.`,
      { running, waiting },
    )
  }

  /** Runs a task at once or when one has ended. Rejects with `ABORTED` if `signal` is aborted while it waits. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running < this.#bounds.running) return this.#start(task)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(start)
        signal.removeEventListener('abort', cancel)
      }
      const start = (): void => {
        leave()
        resolve(this.#start(task))
      }
      const cancel = (): void => {
        leave()
        reject(new NumPackError('ABORTED', 'The task was cancelled before it started.'))
      }
      this.#waiting.add(start)
      signal.addEventListener('abort', cancel)
    })
  }

  async #start<T>(task: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      return await task()
    } finally {
      this.#running--
      const [next] = this.#waiting
      next?.()
    }
  }
}
