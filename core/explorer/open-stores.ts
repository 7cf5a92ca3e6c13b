import { NumPackError } from '../format/errors.ts'
import type { StoreInfo } from './contract/types.ts'
import { OpenStore } from './open-store.ts'
import { resolveStorePath } from './store-path.ts'

/** How often the open stores are looked at; what happens to them is told within two seconds. */
const WATCH_EVERY_MS = 500

export interface OpenStoresOptions {
  /** Stores that were open before, by their ids; opened again when somebody asks for them, or by the watch. */
  stores: { id: number; path: string }[]
  firstGeneration: number
  /** Called when a store is not what it was. */
  onChange: (store: StoreInfo) => void
}

/** The stores that windows have open, one for each folder, and the watch over them. */
export class OpenStores {
  readonly #options: OpenStoresOptions
  readonly #open = new Map<number, OpenStore>()
  /** Open for the windows, but not (yet) again after the engine was started anew. */
  readonly #lost: Map<number, string>
  #lastId: number
  #timer: NodeJS.Timeout | undefined

  constructor(options: OpenStoresOptions) {
    this.#options = options
    this.#lost = new Map(options.stores.map(({ id, path }) => [id, path]))
    this.#lastId = options.stores.reduce((last, { id }) => Math.max(last, id), 0)
    this.#watchWhileOpen()
  }

  /**
   * Opens a store, or gives the one that is open on the same folder, as it is on disk now. Throws NOT_FOUND,
   * NOT_A_STORE, DAMAGED, NEWER_VERSION or IO with one sentence that names the path.
   */
  open(path: string): OpenStore {
    const real = resolveStorePath(path)
    for (const [id, lost] of this.#lost) if (lost === real) return this.get(id)
    for (const store of this.#open.values())
      if (store.path === real) {
        this.lookAgain(store)
        return store
      }
    return this.#add(this.#lastId + 1, real)
  }

  /** An open store. Throws CLOSED for an id that isn't open. */
  get(id: number): OpenStore {
    const store = this.#open.get(id)
    if (store) return store
    const path = this.#lost.get(id)
    if (path === undefined) throw new NumPackError('CLOSED', 'This store is not open any more: open it again.')
    const again = this.#add(id, path)
    this.#lost.delete(id)
    this.#options.onChange(again.info())
    return again
  }

  /** Looks at a store because something about it is not as expected, and tells what changed. */
  lookAgain(store: OpenStore): void {
    if (store.look()) this.#options.onChange(store.info())
  }

  close(id: number): void {
    this.#open.get(id)?.close()
    this.#open.delete(id)
    this.#lost.delete(id)
    this.#watchWhileOpen()
  }

  /** Closes every store and ends the watch. */
  closeAll(): void {
    for (const id of [...this.#open.keys(), ...this.#lost.keys()]) this.close(id)
  }

  #add(id: number, path: string): OpenStore {
    const store = new OpenStore(id, path, this.#options.firstGeneration)
    this.#open.set(id, store)
    this.#lastId = Math.max(this.#lastId, id)
    this.#watchWhileOpen()
    return store
  }

  #watchWhileOpen(): void {
    const wanted = this.#open.size + this.#lost.size > 0
    if (wanted) this.#timer ??= setInterval(() => this.#watch(), WATCH_EVERY_MS)
    else {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  #watch(): void {
    for (const store of this.#open.values()) if (store.watch()) this.#options.onChange(store.info())
    for (const id of this.#lost.keys()) this.#findAgain(id)
  }

  #findAgain(id: number): void {
    try {
      this.get(id)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
    }
  }
}
