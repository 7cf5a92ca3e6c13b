import { basename } from 'node:path'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { openStore, type Store } from '../../storage/read/store.ts'
import { incrementWriteCount } from '../../storage/read/write-counter.ts'
import { ContentProbe, type ReadShown } from './content-probe.ts'
import { compareNames } from './natural-order.ts'
import { arrayFiles } from './array-files.ts'
import type { SourceChange, OpenSource } from './open-source.ts'
import type { ArrayFile, StoreInfo } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'

/** Number of arrays read last that every check includes, because they are probably on screen. */
const WATCHED_CLOSELY = 8

/** Number of other arrays in each check: about 2 ms of system calls. */
const CHECKED_EACH_TIME = 500

/** After a look, wait this many times as long as it took. */
const REST_FACTOR = 4

/** The same after a look that found no change, and that took longer than usual: slow disks, very many segments. */
const SLOW_REST_FACTOR = 20
const QUICK_MS = 50

/** Interval of looks at the content of the array on screen, milliseconds. */
const PROBE_EVERY_MS = 1000

/** Failed looks in a row before a store has a problem: a single one may fall into another program's write. */
const FAILURES_TO_BELIEVE = 2

export class OpenStore implements OpenSource {
  readonly id: number
  readonly #store: Store
  readonly #firstGeneration: number
  readonly #readLast = new Set<string>()
  #names: readonly string[]
  #next = 0
  #problem: string | null = null
  #failures = 0
  #restUntil = 0
  readonly #probe = new ContentProbe()
  #shown: { array: string; generation: number } | null = null
  #nextProbe = 0

  constructor(id: number, path: string, firstGeneration: number, followLinks = false) {
    this.id = id
    this.#store = openStore(path, { readOnly: true, followLinks })
    this.#firstGeneration = firstGeneration
    this.#names = this.#store.arrays.map(({ name }) => name)
  }

  get path(): string {
    return this.#store.path
  }

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
      arrays: store.arrays
        .toSorted((a, b) => compareNames(a.name, b.name))
        .map(info => ({
          ...info,
          shape: [...info.shape],
          physicalShape: [...info.physicalShape],
          warnings: [...info.warnings],
          generation: this.#firstGeneration + info.generation,
        })),
      warnings: [...store.warnings],
      package: null,
      followsLinks: store.followsLinks,
      problem: this.#problem,
    }
  }

  followLinks(follow: boolean): void {
    this.#store.followsLinks = follow
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

  noteShown(array: string, readShown: ReadShown, shown: Uint8Array): void {
    const { generation } = this.#store.reader(array)
    this.#shown = { array, generation }
    this.#probe.note(readShown, shown)
    this.#nextProbe = performance.now() + PROBE_EVERY_MS
  }

  async whenReadable(): Promise<void> {}

  endReads(): void {}

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
    this.#restUntil = ended + REST_FACTOR * (ended - started)
    return changed || this.#problem !== before ? 'changed' : 'same'
  }

  watch(): SourceChange {
    const started = performance.now()
    if (started < this.#restUntil) return 'same'
    if (this.#seemsChanged() || this.#hasOtherContent()) return this.look()
    const took = performance.now() - started
    if (took > QUICK_MS) this.#restUntil = started + took + SLOW_REST_FACTOR * took
    return 'same'
  }

  /** Whether the array on screen was written to without a trace in its files' times. It then counts as changed. */
  #hasOtherContent(): boolean {
    if (this.#shown === null || performance.now() < this.#nextProbe) return false
    this.#nextProbe = performance.now() + PROBE_EVERY_MS
    const { array, generation } = this.#shown
    try {
      const reader = this.#store.reader(array)
      if (reader.generation !== generation || !this.#probe.hasChanged(reader)) return false
    } catch {
      // What can't be read is found by the look at the files.
      return false
    }
    incrementWriteCount(this.#store.path, array)
    return true
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
    const end = this.#next + CHECKED_EACH_TIME
    const next = this.#names.slice(this.#next, end)
    this.#next = end < this.#names.length ? end : 0
    try {
      return this.#store.mayHaveChanged([...this.#readLast, ...next])
    } catch {
      return true
    }
  }
}
