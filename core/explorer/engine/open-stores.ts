import { setImmediate } from 'node:timers/promises'
import { NumPackError } from '../../format/errors.ts'
import type { ExplorerEvent, PackedFile } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import { OpenPackage } from './open-package.ts'
import type { SourceChange, OpenSource } from './open-source.ts'
import { OpenStore } from './open-store.ts'
import { type FoundPath, findPath } from './store-path.ts'

/** Interval of looks at the open stores: windows learn of changes within two seconds. */
const WATCH_EVERY_MS = 500

export interface OpenStoresOptions {
  /** Stores that were open before, by their ids; opened again when somebody asks for them, or by the watch. */
  stores: { id: number; path: string }[]
  firstGeneration: number
  /** The greatest id that a store ever had: ids are not given again. */
  lastStoreId: number
  cacheFolder: string | null
  /** Most bytes that one package has decompressed; may change. */
  spoolBytes: () => number
  /** Whether the user allowed to follow the symbolic links of the store at a path. */
  followsLinks: (path: string) => boolean
  /** Called when a store has changed, and while an array is decompressed. */
  onEvent: (event: ExplorerEvent) => void
  onReadable?: (store: number, array: string) => void
  onReopening?: (store: number, running: boolean) => void
  onWatched: () => void
}

const closedError = (): NumPackError => new NumPackError('CLOSED', 'This store is not open any more: open it again.')

/** The stores and packages that windows have open, one for each path, and the watch over them. */
export class OpenStores {
  readonly #options: OpenStoresOptions
  readonly #open = new Map<number, OpenSource>()
  /** Open for the windows, but not (yet) again after the engine was started anew. */
  readonly #lost: Map<number, string>
  readonly #reopening = new Map<number, Promise<OpenSource>>()
  #lastStoreId: number
  #timer: NodeJS.Timeout | undefined
  #isWatching = false

  constructor(options: OpenStoresOptions) {
    this.#options = options
    this.#lost = new Map(options.stores.map(({ id, path }) => [id, path]))
    this.#lastStoreId = options.lastStoreId
    this.#watchWhileOpen()
  }

  /** Opens a path, or returns the source that is already open there. The message of an error names the path. */
  async open(path: string): Promise<OpenSource> {
    const found = findPath(path)
    for (const [id, lost] of this.#lost) if (lost === found.path) return this.get(id)
    for (const store of this.#open.values()) {
      if (store.path !== found.path) continue
      await this.lookAgain(store)
      return this.get(store.id)
    }
    const store = await this.#openAt(this.#lastStoreId + 1, found, this.#options.firstGeneration)
    this.#lastStoreId = store.id
    this.#add(store)
    return store
  }

  /** An open store or package. Rejects with CLOSED for an id that isn't open. */
  async get(id: number): Promise<OpenSource> {
    const store = this.#open.get(id)
    if (store) return store
    const path = this.#lost.get(id)
    if (path === undefined) throw closedError()
    return this.#again(id, () => this.#findAgain(id, path))
  }

  async packedFiles(id: number): Promise<PackedFile[]> {
    const store = await this.get(id)
    const files = store.packedFiles()
    if (files !== null) return files
    throw new NumPackError('ARGUMENT', `${store.path} is no package.`, { path: store.path })
  }

  endReads(id: number, array: string): void {
    this.#open.get(id)?.endReads(array)
  }

  /** Looks at a store about which something is unexpected, and sends what changed. */
  async lookAgain(store: OpenSource): Promise<void> {
    await this.#follow(store, store.look())
  }

  async lookAgainAt(id: number): Promise<void> {
    const store = this.#open.get(id)
    if (store) await this.lookAgain(store)
  }

  /** Applies a change of `followsLinks` to the store at a path, and sends the store, if it is open. */
  async followLinks(path: string, follow: boolean): Promise<void> {
    for (const store of this.#open.values()) {
      if (store.path !== path) continue
      store.followLinks(follow)
      const change = store.look()
      await this.#follow(store, change === 'same' ? 'changed' : change)
    }
  }

  close(id: number): void {
    this.#open.get(id)?.close()
    this.#open.delete(id)
    this.#lost.delete(id)
    this.#watchWhileOpen()
  }

  closeAll(): void {
    for (const id of [...this.#open.keys(), ...this.#lost.keys()]) this.close(id)
  }

  async #openAt(id: number, { kind, path }: FoundPath, generation: number): Promise<OpenSource> {
    const { cacheFolder, spoolBytes, followsLinks, onEvent, onReadable } = this.#options
    const onArrayReadable = (array: string): void => onReadable?.(id, array)
    return kind === 'package'
      ? OpenPackage.open({ id, path, generation, cacheFolder, spoolBytes, onEvent, onReadable: onArrayReadable })
      : new OpenStore(id, path, generation, followsLinks(path))
  }

  #add(store: OpenSource): void {
    this.#open.set(store.id, store)
    this.#watchWhileOpen()
  }

  async #follow(store: OpenSource, change: SourceChange): Promise<void> {
    if (change === 'replaced') await this.#renew(store)
    else if (change === 'changed') this.#changed(store)
  }

  #changed(store: OpenSource): void {
    this.#options.onEvent({ type: 'storeChanged', store: store.info() })
  }

  /** Reopens a source; a second call gets the result of the first. */
  #again(id: number, open: () => Promise<OpenSource>): Promise<OpenSource> {
    const running = this.#reopening.get(id) ?? open().finally(() => this.#reopening.delete(id))
    this.#reopening.set(id, running)
    return running
  }

  async #findAgain(id: number, path: string): Promise<OpenSource> {
    const store = await this.#reopen(id, path)
    if (!this.#lost.delete(id)) {
      store.close()
      throw closedError()
    }
    this.#add(store)
    this.#changed(store)
    return store
  }

  async #reopen(id: number, path: string): Promise<OpenSource> {
    const { onReopening, firstGeneration } = this.#options
    onReopening?.(id, true)
    try {
      return await this.#openAt(id, findPath(path), firstGeneration)
    } finally {
      onReopening?.(id, false)
    }
  }

  async #renew(old: OpenSource): Promise<OpenSource> {
    return this.#again(old.id, async () => {
      try {
        const store = await this.#openAt(old.id, findPath(old.path), old.nextGeneration)
        if (this.#open.get(old.id) !== old) {
          store.close()
          return old
        }
        old.close()
        this.#add(store)
        this.#changed(store)
        return store
      } catch (error) {
        if (this.#open.get(old.id) === old && old.fail(errorBody(error).message)) this.#changed(old)
        return old
      }
    })
  }

  #watchWhileOpen(): void {
    const wanted = this.#open.size + this.#lost.size > 0
    if (wanted) this.#timer ??= setInterval(() => this.#watchSoon(), WATCH_EVERY_MS)
    else {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  /** One look at a time: a disk that doesn't answer may block it for long. */
  #watchSoon(): void {
    if (this.#isWatching) return
    this.#isWatching = true
    void this.#watch().finally(() => {
      this.#isWatching = false
    })
  }

  async #watch(): Promise<void> {
    for (const store of this.#open.values()) {
      await this.#lookAt(store)
      // Requests come in between.
      await setImmediate()
    }
    for (const id of this.#lost.keys()) await this.#tryAgain(id)
    this.#options.onWatched()
  }

  /** An error is this store's problem: it ends neither the watch nor the engine. */
  async #lookAt(store: OpenSource): Promise<void> {
    try {
      await this.#follow(store, store.watch())
    } catch (error) {
      if (this.#open.get(store.id) === store && store.fail(errorBody(error).message)) this.#changed(store)
    }
  }

  /** Ignores a store that can't be opened yet: the next request for it gets the error. */
  async #tryAgain(id: number): Promise<void> {
    try {
      await this.get(id)
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }
}
