import { NumPackError } from '../format/errors.ts'

interface Bounds {
  /** How many tasks run at a time. */
  running: number
  /** How many more may wait. */
  waiting: number
  /** What the tasks are, in the plural, for the error of one that finds no room. */
  name: string
}

/** Runs a bounded number of tasks at a time; a bounded number waits, in order. */
export class TaskQueue {
  readonly #bounds: Bounds
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Throws `ARGUMENT` where one more task would find no room. */
  checkRoom(): void {
    const { running, waiting, name } = this.#bounds
    if (this.#running < running || this.#waiting.size < waiting) return
    throw new NumPackError(
      'ARGUMENT',
      `Too many ${name}: ${running} are running and ${waiting} are waiting. Try again when some have ended.`,
      { running, waiting },
    )
  }

  /** Runs a task when its turn comes. Rejects with `ABORTED`, without running it, where `signal` is aborted before. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal)
    try {
      return await task()
    } finally {
      this.#running--
      const [next] = this.#waiting
      next?.()
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#bounds.running && !signal.aborted) {
      this.#running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(start)
        signal.removeEventListener('abort', cancel)
      }
      const start = (): void => {
        leave()
        this.#running++
        resolve()
      }
      const cancel = (): void => {
        leave()
        reject(new NumPackError('ABORTED', 'This was cancelled before its turn came.'))
      }
      if (signal.aborted) cancel()
      else {
        this.#waiting.add(start)
        signal.addEventListener('abort', cancel)
      }
    })
  }
}
