import { join } from 'node:path'
import { OutputFile, syncPath } from '../files.ts'
import type { StoreFolder } from '../folder.ts'
import type { DataSource, SourcePart } from '../source.ts'

/** Writes into the files of arrays where they are, and remembers which have to be synced. */
export class InPlaceFiles {
  readonly #folder: StoreFolder
  readonly #unsynced = new Set<string>()

  constructor(folder: StoreFolder) {
    this.#folder = folder
  }

  /** The files of one array, opened as they are written to; to be closed by `using`. */
  open(source: DataSource): InPlaceWriter {
    return new InPlaceWriter(source, name => {
      const path = join(this.#folder.path, name)
      this.#unsynced.add(path)
      return new OutputFile(path, 'change', false)
    })
  }

  /** Returns when everything written is on the disk. */
  sync(): void {
    for (const path of this.#unsynced) syncPath(path)
    this.#unsynced.clear()
  }
}

/** Writes bytes of one array at their places. */
class InPlaceWriter implements Disposable {
  readonly #source: DataSource
  readonly #openFile: (name: string) => OutputFile
  readonly #open = new Map<string, OutputFile>()

  constructor(source: DataSource, openFile: (name: string) => OutputFile) {
    this.#source = source
    this.#openFile = openFile
  }

  /** Writes `bytes` at byte `position` of the array. */
  write(bytes: Uint8Array, position: number): void {
    for (const part of this.#source.parts) {
      const from = Math.max(position, part.start)
      const stop = Math.min(position + bytes.length, part.start + part.bytes)
      if (from < stop) this.#fileOf(part).write(bytes.subarray(from - position, stop - position), from - part.start)
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]()
    this.#open.clear()
  }

  #fileOf(part: SourcePart): OutputFile {
    let file = this.#open.get(part.name)
    if (file === undefined) {
      file = this.#openFile(part.name)
      this.#open.set(part.name, file)
    }
    return file
  }
}
