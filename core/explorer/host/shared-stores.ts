/** A store or package that windows have open. */
interface SharedStore<W> {
  readonly path: string
  readonly windows: Set<W>
  /** It is being opened again in an engine that was started anew. */
  reopening: boolean
  /** How many engines stopped while they did that. */
  failures: number
}

/** An engine that stops may have had bad luck; a store at which a second one stops is the reason. */
const FAILURES_TO_GIVE_UP = 2

/** The stores that are open, by their ids, and the windows that use them. */
export class SharedStores<W> {
  readonly #stores = new Map<number, SharedStore<W>>()

  get size(): number {
    return this.#stores.size
  }

  /** What a new engine needs to have them open again. */
  get paths(): { id: number; path: string }[] {
    return [...this.#stores].map(([id, { path }]) => ({ id, path }))
  }

  has(id: number): boolean {
    return this.#stores.has(id)
  }

  isOpenIn(id: number, window: W): boolean {
    return this.#stores.get(id)?.windows.has(window) === true
  }

  isUsed(id: number): boolean {
    return (this.#stores.get(id)?.windows.size ?? 0) > 0
  }

  windowsOf(id: number): Iterable<W> {
    return this.#stores.get(id)?.windows ?? []
  }

  /** Paths of the stores that a window has open. */
  pathsOf(window: W): string[] {
    return [...this.#stores.values()].filter(({ windows }) => windows.has(window)).map(({ path }) => path)
  }

  /** How many stores a window has open. */
  countIn(window: W): number {
    return this.pathsOf(window).length
  }

  /** Notes a store that was opened, without a user so far. */
  add(id: number, path: string): void {
    if (!this.#stores.has(id)) this.#stores.set(id, { path, windows: new Set(), reopening: false, failures: 0 })
  }

  use(id: number, window: W): void {
    this.#stores.get(id)?.windows.add(window)
  }

  /** Takes a window from a store's users. */
  leave(id: number, window: W): void {
    this.#stores.get(id)?.windows.delete(window)
  }

  delete(id: number): void {
    this.#stores.delete(id)
  }

  /** Takes a window from the users of all stores; gives the stores that it had open. */
  leaveAll(window: W): number[] {
    return [...this.#stores].filter(([, { windows }]) => windows.delete(window)).map(([id]) => id)
  }

  /** Notes that a store is being opened again, or that this has ended. */
  reopening(id: number, running: boolean): void {
    const store = this.#stores.get(id)
    if (store) store.reopening = running
  }

  /** Notes that the engine stopped. Gives the paths of stores that are given up, because engines stop at them. */
  engineStopped(): string[] {
    const givenUp: string[] = []
    for (const [id, store] of this.#stores) {
      if (!store.reopening) continue
      store.reopening = false
      if (++store.failures < FAILURES_TO_GIVE_UP) continue
      this.#stores.delete(id)
      givenUp.push(store.path)
    }
    return givenUp
  }
}
