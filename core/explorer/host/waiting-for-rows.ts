interface ArrayOfStore {
  readonly store: number
  readonly array: string
}

const keyOf = ({ store, array }: ArrayOfStore): string => `${store} ${array}`

/** Requests that wait for rows of packed arrays which are still to be decompressed. */
export class WaitingForRows<T> {
  readonly #waiting = new Map<string, Set<T>>()

  add(array: ArrayOfStore, request: T): void {
    const key = keyOf(array)
    const waiting = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiting.add(request))
  }

  /** Returns the requests that wait for an array and forgets them. */
  take(array: ArrayOfStore): Iterable<T> {
    const waiting = this.#waiting.get(keyOf(array)) ?? []
    this.#waiting.delete(keyOf(array))
    return waiting
  }

  takeAll(): T[] {
    const waiting = [...this.#waiting.values()].flatMap(requests => [...requests])
    this.#waiting.clear()
    return waiting
  }

  delete(request: T): void {
    for (const [key, waiting] of this.#waiting)
      if (waiting.delete(request) && waiting.size === 0) this.#waiting.delete(key)
  }
}
