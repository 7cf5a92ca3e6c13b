import { bitmapBytesOf } from '../../format/bitmap.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { arrayOfBitmapFile, METADATA_FILE } from '../../format/names.ts'
import { pathInside } from '../../system/entry-name.ts'
import { accessOf, type FileAccess } from '../../system/file-access.ts'
import { createFile, linkFile, removeFile, renameFile, syncFile, temporaryIn, tryToRemove } from '../../system/files.ts'
import { findFile, readStoreFile } from '../read/folder.ts'
import { type FileIdentity, isSameFile, lstatPath } from '../../system/file-stat.ts'
import { atHeld } from '../../system/held-stores.ts'
import type { Store } from '../read/store.ts'
import { finishReplacement } from './replace-files.ts'

type Kept =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly access: FileAccess }
  /** `link` is a hard link; null if the disk has none, and the file can't be put back. */
  | { readonly kind: 'file'; readonly link: string | null; readonly identity: FileIdentity }

/**
 * Keeps the files that an operation replaces until it commits or rolls back. A file longer than its arrays need is not
 * read into memory but gets a temporary hard link; if this writer is killed, the next one removes it.
 */
export class FileBackup implements Disposable {
  readonly #store: Store
  readonly #kept = new Map<string, Kept>()

  constructor(store: Store, files: readonly string[]) {
    this.#store = store
    let left: number = LIMITS.bitmapBytes
    for (const file of files) {
      const found = findFile(store.folder, file)
      const kept = found.kind === 'file' ? this.#keep(file, Math.min(maxBytesOf(store, file), left)) : none
      if (kept.kind === 'bytes' && file !== METADATA_FILE) left -= kept.bytes.length
      this.#kept.set(file, kept)
    }
  }

  /** Restores the files as far as the disk allows. Returns whether all are as before. */
  rollBack(): boolean {
    let complete = attempt(() => finishReplacement(this.#store.path))
    for (const [file, kept] of [...this.#kept].reverse()) {
      complete = attempt(() => this.#restoreFile(file, kept)) && complete
    }
    return complete
  }

  [Symbol.dispose](): void {
    for (const kept of this.#kept.values()) if (kept.kind === 'file' && kept.link !== null) tryToRemove(kept.link)
  }

  #keep(file: string, most: number): Kept {
    const { folder } = this.#store
    const { bytes, stat } = readStoreFile(folder, file, most + 1, 'cut')
    if (stat.size <= most) return { kind: 'bytes', bytes, access: accessOf(stat) }
    const link = temporaryIn(folder.path)
    const path = pathInside(folder.path, file)
    const isLinked = attempt(() => linkFile(path, link))
    return { kind: 'file', link: isLinked ? link : null, identity: stat }
  }

  #restoreFile(file: string, old: Kept): void {
    const { folder } = this.#store
    const path = pathInside(folder.path, file)
    const found = findFile(folder, file)
    // Skip files that were not replaced: the disk may refuse every write.
    if (old.kind === 'none') {
      if (found.kind === 'file') removeFile(path)
    } else if (old.kind === 'file') {
      if (found.kind === 'file' && isSameFile(found.stat, old.identity)) return
      if (old.link === null) throw cantRollBack(path)
      renameFile(old.link, path)
    } else if (found.kind !== 'file' || !this.#hasBytes(file, old.bytes)) this.#write(path, old)
  }

  #hasBytes(file: string, bytes: Uint8Array): boolean {
    const { bytes: current } = readStoreFile(this.#store.folder, file, bytes.length + 1, 'cut')
    return Buffer.compare(current, bytes) === 0
  }

  #write(path: string, { bytes, access }: Extract<Kept, { kind: 'bytes' }>): void {
    const temporary = temporaryIn(this.#store.path)
    try {
      createFile(temporary, [bytes], { access, synced: false })
      // If the sync fails, readers still see the old file.
      attempt(() => syncFile(temporary, lstatPath(atHeld(temporary))))
      renameFile(temporary, path)
    } catch (error) {
      tryToRemove(temporary)
      throw error
    }
  }
}

const none: Kept = { kind: 'none' }

/** Largest size in bytes that the metadata or a bitmap needs. */
function maxBytesOf(store: Store, file: string): number {
  if (file === METADATA_FILE) return LIMITS.metadataBytes
  const name = arrayOfBitmapFile(file)
  const record = name === undefined ? undefined : store.findRecord(name)
  return record === undefined ? 0 : bitmapBytesOf(record.shape[0] ?? 0)
}

const cantRollBack = (path: string): NumPackError =>
  new NumPackError('IO', `${path} can't be put back: it is too long to keep a copy, and the disk has no hard links.`, {
    path,
  })

export function attempt(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof NumPackError) return false
    throw error
  }
}
