import type { ArrayReader } from '../../storage/read/reader.ts'
import type { ArrayFile, ExplorerEvent, PackedFile, StoreInfo } from '../contract/types.ts'

/** What a look at the disk found: the same, another content of the same source, or one that has to be opened anew. */
export type Look = 'same' | 'changed' | 'replaced'

/** Whatever windows can have open: a store, a package. Nobody asks which of them it is. */
export interface OpenSource {
  readonly id: number
  /** Absolute. */
  readonly path: string
  /** The first generation of what is opened in its place. */
  readonly nextGeneration: number
  info(): StoreInfo
  /** The files of an array. Throws `NOT_FOUND`. */
  filesOf(array: string): ArrayFile[]
  /** The files packed in it; null for a source that is no archive. */
  packedFiles(): PackedFile[] | null
  /** Reads from an array. Throws `NOT_FOUND`, why the array is damaged, `NOT_READY`, `CHANGED_ON_DISK`, or what `action` throws. */
  read<T>(array: string, action: (reader: ArrayReader, generation: number) => T): T
  /** Looks at the whole source. */
  look(): Look
  /** Looks at as much as is due, in bounded time where nothing changed. */
  watch(): Look
  /** Events that have come up since the last call. */
  news(): ExplorerEvent[]
  /** Notes why the source can't be read any more. Returns whether that is news. */
  fail(problem: string): boolean
  close(): void
}
