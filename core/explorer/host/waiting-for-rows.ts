interface ArrayOfStore {
  readonly store: number
  readonly array: string
}

interface ArrayRequests<T> {
  readonly array: ArrayOfStore
  readonly waiting: Set<T>
  /** Requests that are repeated, because the rows are there. */
  readonly repeated: Set<T>
}

const keyOf = ({ store, array }: ArrayOfStore): string => `${store} ${array}`

/** Requests for rows of packed arrays that were still to be decompressed, until they are answered. */
export class WaitingForRows<T> {
  readonly #arrays = new Map<string, ArrayRequests<T>>()
  /** Arrays whose requests have all ended: answered, or cancelled. */
  readonly #ended = new Map<string, ArrayOfStore>()

  add(array: ArrayOfStore, request: T): void {
    const requests = this.#arrays.get(keyOf(array)) ?? { array, waiting: new Set(), repeated: new Set() }
    this.#arrays.set(keyOf(array), requests)
    requests.repeated.delete(request)
    requests.waiting.add(request)
    this.#ended.delete(keyOf(array))
  }

  /** Notes that a request for rows was cancelled before it could wait. */
  noteCancelled(array: ArrayOfStore): void {
    if (!this.#arrays.has(keyOf(array))) this.#ended.set(keyOf(array), array)
  }

  /** Returns the requests that waited, to be repeated. */
  take(array: ArrayOfStore): T[] {
    const requests = this.#arrays.get(keyOf(array))
    if (requests === undefined) return []
    const taken = [...requests.waiting]
    requests.waiting.clear()
    for (const request of taken) requests.repeated.add(request)
    return taken
  }

  /** Forgets all requests, and returns those that waited. */
  takeAll(): T[] {
    const waiting = [...this.#arrays.values()].flatMap(requests => [...requests.waiting])
    this.#arrays.clear()
    this.#ended.clear()
    return waiting
  }

  /** Returns the arrays whose requests have all ended, each once. */
  takeEnded(): ArrayOfStore[] {
    const ended = [...this.#ended.values()]
    this.#ended.clear()
    return ended
  }

  delete(request: T): void {
    for (const [key, { array, waiting, repeated }] of this.#arrays) {
      if (!waiting.delete(request) && !repeated.delete(request)) continue
      if (waiting.size + repeated.size > 0) continue
      this.#arrays.delete(key)
      this.#ended.set(key, array)
    }
  }
}
