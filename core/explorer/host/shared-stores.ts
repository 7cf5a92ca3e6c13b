interface SharedStore<W> {
  readonly path: string
  readonly windows: Set<W>
  reopening: boolean
  /** Number of engines that stopped while they reopened it. */
  failures: number
}

/** One stop may be chance; a store at which a second engine stops is the reason. */
const FAILURES_TO_GIVE_UP = 2

export class SharedStores<W> {
  readonly #stores = new Map<number, SharedStore<W>>()
  /** The greatest id that was ever added. */
  lastStoreId = 0

  get size(): number {
    return this.#stores.size
  }

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

  pathsOf(window: W): string[] {
    return [...this.#stores.values()].filter(({ windows }) => windows.has(window)).map(({ path }) => path)
  }

  countIn(window: W): number {
    return this.pathsOf(window).length
  }

  add(id: number, path: string): void {
    this.lastStoreId = Math.max(this.lastStoreId, id)
    if (!this.#stores.has(id)) this.#stores.set(id, { path, windows: new Set(), reopening: false, failures: 0 })
  }

  use(id: number, window: W): void {
    this.#stores.get(id)?.windows.add(window)
  }

  leave(id: number, window: W): void {
    this.#stores.get(id)?.windows.delete(window)
  }

  delete(id: number): void {
    this.#stores.delete(id)
  }

  leaveAll(window: W): number[] {
    return [...this.#stores].filter(([, { windows }]) => windows.delete(window)).map(([id]) => id)
  }

  reopening(id: number, running: boolean): void {
    const store = this.#stores.get(id)
    if (store) store.reopening = running
  }

  /** Returns the paths of stores that are closed because engines stop at them. */
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
