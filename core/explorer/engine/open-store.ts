import { basename } from 'node:path'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { openStore, type Store } from '../../storage/read/store.ts'
import { arrayFiles } from './array-files.ts'
import type { SourceChange, OpenSource } from './open-source.ts'
import type { ArrayFile, ExplorerEvent, StoreInfo } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'

/** Arrays read last: somebody is likely to look at them, so they are watched most closely. */
const WATCHED_CLOSELY = 8

/** Of the other arrays, this many are looked at each time: about 2 ms of system calls. */
const LOOKED_AT_EACH_TIME = 500

/** After a look that took long, this many times as long passes before the next one. */
const REST = 4

/** A store is in trouble when so many looks in a row fail: one may fall into the middle of another program's write. */
const FAILURES_TO_BELIEVE = 2

/** A store that windows have open, as of the last look at the disk. */
export class OpenStore implements OpenSource {
  readonly id: number
  readonly #store: Store
  readonly #firstGeneration: number
  readonly #readLast = new Set<string>()
  #names: readonly string[]
  /** Where among the names the next look begins. */
  #turn = 0
  #problem: string | null = null
  #failures = 0
  #restUntil = 0

  /** Generations count on from `firstGeneration`. Throws what `openStore` of core/storage throws. */
  constructor(id: number, path: string, firstGeneration: number) {
    this.id = id
    this.#store = openStore(path, { readOnly: true })
    this.#firstGeneration = firstGeneration
    this.#names = this.#store.arrays.map(({ name }) => name)
  }

  get path(): string {
    return this.#store.path
  }

  /** Generations of a store go on while it is open. */
  get nextGeneration(): number {
    return this.#firstGeneration
  }

  info(): StoreInfo {
    const store = this.#store
    return {
      id: this.id,
      path: store.path,
      name: basename(store.path),
      sizeBytes: store.sizeBytes,
      arrays: store.arrays.map(info => ({
        ...info,
        shape: [...info.shape],
        physicalShape: [...info.physicalShape],
        warnings: [...info.warnings],
        generation: this.#firstGeneration + info.generation,
      })),
      warnings: [...store.warnings],
      package: null,
      problem: this.#problem,
    }
  }

  filesOf(array: string): ArrayFile[] {
    return arrayFiles(this.#store, array)
  }

  packedFiles(): null {
    return null
  }

  read<T>(array: string, action: (reader: ArrayReader, generation: number) => T): T {
    const reader = this.#store.reader(array)
    this.#readLast.delete(array)
    this.#readLast.add(array)
    if (this.#readLast.size > WATCHED_CLOSELY) this.#readLast.delete([...this.#readLast][0] as string)
    return action(reader, this.#firstGeneration + reader.generation)
  }

  look(): SourceChange {
    const started = performance.now()
    const before = this.#problem
    let changed = false
    try {
      changed = this.#store.refresh().any
      this.#problem = null
      this.#failures = 0
      if (changed) this.#names = this.#store.arrays.map(({ name }) => name)
    } catch (error) {
      this.#failures++
      if (this.#failures >= FAILURES_TO_BELIEVE) this.#problem = errorBody(error).message
    }
    const ended = performance.now()
    this.#restUntil = ended + REST * (ended - started)
    return changed || this.#problem !== before ? 'changed' : 'same'
  }

  watch(): SourceChange {
    if (performance.now() < this.#restUntil || !this.#seemsChanged()) return 'same'
    return this.look()
  }

  pendingEvents(): ExplorerEvent[] {
    return []
  }

  fail(problem: string): boolean {
    const isNew = this.#problem !== problem
    this.#problem = problem
    this.#failures = FAILURES_TO_BELIEVE
    return isNew
  }

  close(): void {
    this.#store.close()
  }

  #seemsChanged(): boolean {
    if (this.#failures > 0) return true
    const next = this.#names.slice(this.#turn, this.#turn + LOOKED_AT_EACH_TIME)
    this.#turn = this.#turn + LOOKED_AT_EACH_TIME < this.#names.length ? this.#turn + LOOKED_AT_EACH_TIME : 0
    try {
      return this.#store.mayHaveChanged([...this.#readLast, ...next])
    } catch {
      return true
    }
  }
}
