import { OutputFile, syncFile } from '../../system/files.ts'
import type { StoreFolder } from '../read/folder.ts'
import { type FileIdentity, identityOf } from '../../system/file-stat.ts'
import type { DataSource, ReadableFile } from '../read/source.ts'
import { ownFiles } from './own-files.ts'

export interface WrittenFile {
  readonly path: string
  readonly identity: FileIdentity
}

/** Writes into the files of arrays and remembers which to sync. */
export class InPlaceFiles {
  readonly #folder: StoreFolder | null
  readonly #unsynced = new Map<string, FileIdentity>()

  /** `folder` is null in a helping thread, whose starter has prepared the files. */
  constructor(folder: StoreFolder | null) {
    this.#folder = folder
  }

  prepare(source: DataSource): void {
    if (this.#folder !== null) ownFiles(this.#folder, source.parts)
  }

  open(source: DataSource): InPlaceWriter {
    this.prepare(source)
    return new InPlaceWriter(source, ({ path, identity }) => {
      this.#unsynced.set(path, identityOf(identity))
      return OutputFile.change(path, identity, false)
    })
  }

  get unsynced(): readonly WrittenFile[] {
    return Array.from(this.#unsynced, ([path, identity]) => ({ path, identity }))
  }

  add(files: readonly WrittenFile[]): void {
    for (const { path, identity } of files) this.#unsynced.set(path, identity)
  }

  sync(): void {
    for (const { path, identity } of this.unsynced) syncFile(path, identity)
    this.#unsynced.clear()
  }
}

/** Open files of one writer: arrays may have thousands of segments, and several threads write. */
const MAX_OPEN = 16

export class InPlaceWriter implements Disposable {
  readonly #source: DataSource
  readonly #openFile: (file: ReadableFile) => OutputFile
  readonly #open = new Map<string, OutputFile>()

  constructor(source: DataSource, openFile: (file: ReadableFile) => OutputFile) {
    this.#source = source
    this.#openFile = openFile
  }

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
