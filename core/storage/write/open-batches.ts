import { AsyncLocalStorage } from 'node:async_hooks'
import { NumPackError } from '../../format/errors.ts'
import type { Store } from '../read/store.ts'
import { runWith } from './run-with.ts'
import { Batch, BatchWriter } from './batch.ts'

interface OpenBatch {
  readonly writer: BatchWriter
  /** Open handles: the batch's own, and one for each inner batch. */
  depth: number
}

/** A batch that runs a function covers what that calls or awaits; one begun by hand covers all other tasks. */
export class OpenBatches {
  readonly #ofTask = new AsyncLocalStorage<OpenBatch>()
  readonly #open = new Set<OpenBatch>()
  #byHand: OpenBatch | null = null

  get writer(): BatchWriter | null {
    return this.#current()?.writer ?? null
  }

  begin(store: Store): Batch {
    const current = this.#current()
    if (current !== null) return this.#handle(current, store.path)
    this.#byHand = this.#new(store)
    return this.#handle(this.#byHand, store.path)
  }

  run<T>(store: Store, work: () => T): T {
    const batch = this.#current() ?? this.#new(store)
    return this.#ofTask.run(batch, () => runWith(this.#handle(batch, store.path), work, handle => handle.commit()))
  }

  discardAll(): void {
    this.#open.clear()
    this.#byHand = null
  }

  #new(store: Store): OpenBatch {
    const batch = { writer: new BatchWriter(store), depth: 0 }
    this.#open.add(batch)
    return batch
  }

  #current(): OpenBatch | null {
    const ofTask = this.#ofTask.getStore()
    // A task that outlives its batch is like any other task.
    return ofTask !== undefined && this.#open.has(ofTask) ? ofTask : this.#byHand
  }

  /** The last handle to commit writes the batch. If that fails, the batch stays open. */
  #handle(batch: OpenBatch, path: string): Batch {
    batch.depth++
    const leave = (): void => {
      if (--batch.depth > 0) return
      this.#open.delete(batch)
      if (this.#byHand === batch) this.#byHand = null
    }
    const commit = (): void => {
      if (!this.#open.has(batch)) {
        throw new NumPackError('CLOSED', `${path} was closed, and the batch discarded.`, { path })
      }
      if (batch.depth === 1) batch.writer.write()
      leave()
    }
    return new Batch(commit, leave)
  }
}
