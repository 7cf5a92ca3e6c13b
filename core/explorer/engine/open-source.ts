import type { ArrayReader } from '../../storage/read/reader.ts'
import type { ReadShown } from './content-probe.ts'
import type { ArrayFile, PackedFile, StoreInfo } from '../contract/types.ts'

export type SourceChange = 'same' | 'changed' | 'replaced'

export interface ByteWait {
  readonly signal: AbortSignal
  /** Called with how many of the bytes can be read, as more of them can. */
  readonly onProgress: (bytesReady: number) => void
}

/** Whatever windows can have open: a store or a package. Its users don't ask which. */
export interface OpenSource {
  readonly id: number
  readonly path: string
  /** First generation of the source that is opened in place of this one. */
  readonly nextGeneration: number
  info(): StoreInfo
  /** Whether symbolic links in place of its files are followed; from the next look on. A package has none. */
  followLinks(follow: boolean): void
  filesOf(array: string): ArrayFile[]
  /** Files in a package; null for a store. */
  packedFiles(): PackedFile[] | null
  /** Reads from an array. Throws `NOT_FOUND`, why the array is damaged, `NOT_READY`, `CHANGED_ON_DISK`, or what `action` throws. */
  read<T>(array: string, action: (reader: ArrayReader, generation: number) => T): T
  /** Notes what a window shows of an array, so that `watch` notices changes of it that no file time tells. */
  noteShown(array: string, readShown: ReadShown, shown: Uint8Array): void
  /** Resolves when the bytes can be read. Rejects with `ABORTED`, `CLOSED`, or why they can't be read. */
  whenReadable(array: string, bytes: number, wait: ByteWait): Promise<void>
  /** Notes that no read of an array that threw `NOT_READY` will be repeated any more. */
  endReads(array: string): void
  look(): SourceChange
  /** Looks at the part whose turn it is. Takes bounded time when nothing changed. */
  watch(): SourceChange
  /** Sets the reason why the source can't be read any more. Returns whether it is a new one. */
  fail(problem: string): boolean
  close(): void
}
