import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { OperationRequest, Refusal } from './operation-thread.ts'

/** Runs operations in a thread, and in a new one after a refusal: reads of one thread wait only once in a while. */
export class OperationThreads implements AsyncDisposable {
  #thread: Worker | null = null

  async run(request: OperationRequest): Promise<Refusal> {
    this.#thread ??= new Worker(join(import.meta.dirname, 'operation-thread.ts'))
    this.#thread.postMessage(request)
    const [refusal] = (await once(this.#thread, 'message')) as [Refusal]
    if (refusal !== null) await this[Symbol.asyncDispose]()
    return refusal
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate()
    this.#thread = null
  }
}
