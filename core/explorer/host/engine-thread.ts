import { getHeapStatistics } from 'node:v8'
import type { ResourceLimits, Worker } from 'node:worker_threads'
import { messageOf, NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { endsInTime } from '../../system/ends-in-time.ts'
import type { WorkerMessage, WorkerRequest, WorkerStart } from '../engine/messages.ts'

/**
 * A worker that is busy for longer is terminated: SQLite and the stores, which it only reads, survive that. One that is
 * still starting is not: the whole process would abort if that happened while SQLite's native code is being loaded.
 */
const CLOSE_WITHIN_MS = 400

export interface EngineOptions {
  createWorker: (start: WorkerStart) => Worker
  start: () => WorkerStart
  onMessage: (message: Exclude<WorkerMessage, { kind: 'ready' }>) => void
  /** Called when the worker stopped by itself. `hadWorked`: it had done some work before. */
  onStopped: (hadWorked: boolean) => void
  onNotice: (message: string) => void
}

/** For `createWorker`: what the thread may take. A small machine's own limit is lower. */
export const engineResources = (): ResourceLimits => ({
  maxOldGenerationSizeMb: Math.min(LIMITS.engineMegabytes, getHeapStatistics().heap_size_limit / 2 ** 20),
})

export class EngineThread {
  readonly #options: EngineOptions
  #worker: Worker | undefined
  #ready: Promise<void> = Promise.resolve()
  #hasWorked = false

  constructor(options: EngineOptions) {
    this.#options = options
  }

  /** Resolves when the thread that was started last has sent its notices, or has ended. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Starts the thread if none runs. Throws `IO` where that fails. */
  start(): Worker {
    if (this.#worker) return this.#worker
    const { createWorker, start, onNotice } = this.#options
    let worker: Worker
    try {
      worker = createWorker(start())
    } catch (error) {
      const message = `The engine can't be started: ${messageOf(error)}`
      onNotice(message)
      throw new NumPackError('IO', message, {}, error)
    }
    this.#worker = worker
    this.#hasWorked = false
    let hasFailed = false
    worker.on('error', error => {
      hasFailed = true
      onNotice(`The engine stopped: ${messageOf(error)}`)
    })
    // Whoever waits for an unreadable reply would never get it.
    worker.on('messageerror', () => void worker.terminate())
    this.#ready = new Promise(resolve => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve()
        else if (this.#worker === worker) {
          this.#hasWorked = true
          this.#options.onMessage(message)
        }
      })
      worker.once('exit', status => {
        resolve()
        if (this.#worker !== worker) return
        if (!hasFailed) onNotice(`The engine stopped: its thread ended with status ${status}.`)
        this.#worker = undefined
        this.#options.onStopped(this.#hasWorked)
      })
    })
    return worker
  }

  send(request: WorkerRequest): void {
    this.start().postMessage(request)
  }

  /** Ends the thread. Resolves with false if it waits for a disk and can't be ended. */
  async close(): Promise<boolean> {
    const worker = this.#worker
    this.#worker = undefined
    if (!worker) return true
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.postMessage('close' satisfies WorkerRequest)
    const timer = this.#ready.then(() => setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS))
    const hasEnded = await endsInTime(ended)
    void timer.then(clearTimeout)
    return hasEnded
  }
}
