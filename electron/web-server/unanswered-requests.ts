import { LIMITS } from '../../core/format/limits.ts'

/** Memory of the unanswered requests of all windows, in bytes. */
export class UnansweredRequests {
  readonly #listeners = new Set<() => void>()
  #bytes = 0

  /** Whether there is so much that each window may have only its share. */
  get isFull(): boolean {
    return this.#bytes > LIMITS.allRequestBytes
  }

  /** Adds the size of a request, or takes away that of an answered one. */
  add(bytes: number): void {
    const wasFull = this.isFull
    this.#bytes += bytes
    if (this.isFull !== wasFull) for (const listen of this.#listeners) listen()
  }

  /** Calls `listen` when `isFull` changes. Returns a function that ends this. */
  onChange(listen: () => void): () => void {
    this.#listeners.add(listen)
    return () => void this.#listeners.delete(listen)
  }
}
