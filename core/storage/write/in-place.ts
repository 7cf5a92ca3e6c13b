import { OutputFile, syncPath } from '../files.ts'
import type { DataSource } from '../source.ts'

/** Writes into the files of arrays where they are, and remembers which have to be synced. */
export class InPlaceFiles {
  readonly #unsynced = new Set<string>()

  /** The files of one array, opened as they are written to; to be closed by `using`. */
  open(source: DataSource): InPlaceWriter {
    return new InPlaceWriter(source, path => {
      this.#unsynced.add(path)
      return new OutputFile(path, 'change', false)
    })
  }

  /** The paths of what has to be synced. */
  get unsynced(): readonly string[] {
    return [...this.#unsynced]
  }

  /** Takes over what another thread has written to. */
  add(paths: readonly string[]): void {
    for (const path of paths) this.#unsynced.add(path)
  }

  /** Returns when everything written is on the disk. */
  sync(): void {
    for (const path of this.#unsynced) syncPath(path)
    this.#unsynced.clear()
  }
}

/** Writes bytes of one array at their places. */
export class InPlaceWriter implements Disposable {
  readonly #source: DataSource
  readonly #openFile: (path: string) => OutputFile
  readonly #open = new Map<string, OutputFile>()

  constructor(source: DataSource, openFile: (path: string) => OutputFile) {
    this.#source = source
    this.#openFile = openFile
  }

  /** Writes `bytes` at byte `position` of the array. */
  write(bytes: Uint8Array, position: number): void {
    for (const part of this.#source.parts) {
      const from = Math.max(position, part.start)
      const stop = Math.min(position + bytes.length, part.start + part.bytes)
      if (from < stop)
        this.#fileAt(part.file.path).write(bytes.subarray(from - position, stop - position), from - part.start)
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]()
    this.#open.clear()
  }

  #fileAt(path: string): OutputFile {
    let file = this.#open.get(path)
    if (file === undefined) {
      file = this.#openFile(path)
      this.#open.set(path, file)
    }
    return file
  }
}
