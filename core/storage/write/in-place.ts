import { OutputFile, syncFile } from '../../system/files.ts'
import type { StoreFolder } from '../read/folder.ts'
import { type FileIdentity, identityOf } from '../../system/file-stat.ts'
import type { DataSource, ReadableFile } from '../read/source.ts'
import { ownFiles } from './own-files.ts'

/** A file that was written to and needs a sync. */
export interface WrittenFile {
  readonly path: string
  readonly identity: FileIdentity
}

/** Writes into the existing files of arrays and remembers which to sync. */
export class InPlaceFiles {
  readonly #folder: StoreFolder | null
  readonly #unsynced = new Map<string, FileIdentity>()

  /** `folder`: of the store; null in a helping thread, whose starter has prepared the files. */
  constructor(folder: StoreFolder | null) {
    this.#folder = folder
  }

  /** Prepares the files of an array for writing (`ownFiles`). */
  prepare(source: DataSource): void {
    if (this.#folder !== null) ownFiles(this.#folder, source.parts)
  }

  /** Opens the prepared files of one array, each at its first write. For a `using` block. */
  open(source: DataSource): InPlaceWriter {
    this.prepare(source)
    return new InPlaceWriter(source, ({ path, identity }) => {
      this.#unsynced.set(path, identityOf(identity))
      return OutputFile.change(path, identity, false)
    })
  }

  /** Files that need a sync. */
  get unsynced(): readonly WrittenFile[] {
    return Array.from(this.#unsynced, ([path, identity]) => ({ path, identity }))
  }

  /** Adds the files that another thread has written to. */
  add(files: readonly WrittenFile[]): void {
    for (const { path, identity } of files) this.#unsynced.set(path, identity)
  }

  /** Syncs all files that were written to. */
  sync(): void {
    for (const { path, identity } of this.unsynced) syncFile(path, identity)
    this.#unsynced.clear()
  }
}

/** Maximum number of files that one writer has open: arrays may have thousands of segments, and threads write, too. */
const MAX_OPEN = 16

/** Writes bytes of one array into its files. */
export class InPlaceWriter implements Disposable {
  readonly #source: DataSource
  readonly #openFile: (file: ReadableFile) => OutputFile
  readonly #open = new Map<string, OutputFile>()

  constructor(source: DataSource, openFile: (file: ReadableFile) => OutputFile) {
    this.#source = source
    this.#openFile = openFile
  }

  /** Writes `bytes` at byte `position` of the array. */
  write(bytes: Uint8Array, position: number): void {
    for (const part of this.#source.parts) {
      const from = Math.max(position, part.start)
      const stop = Math.min(position + bytes.length, part.start + part.bytes)
      if (from < stop)
        this.#opened(part.file).write(bytes.subarray(from - position, stop - position), from - part.start)
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]()
    this.#open.clear()
  }

  #opened(file: ReadableFile): OutputFile {
    const known = this.#open.get(file.path)
    if (known !== undefined) return known
    for (const [path, oldest] of this.#open) {
      if (this.#open.size < MAX_OPEN) break
      this.#open.delete(path)
      oldest[Symbol.dispose]()
    }
    const output = this.#openFile(file)
    this.#open.set(file.path, output)
    return output
  }
}
