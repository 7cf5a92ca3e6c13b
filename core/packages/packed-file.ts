import type { PackageEntry } from '../format/npkg.ts'
import type { PooledFile } from '../storage/handles.ts'
import type { ReadableFile } from '../storage/source.ts'

/** An entry that is stored as it is, read in its place in the package. */
export class PackedFile implements ReadableFile {
  readonly path: string
  readonly identity: PooledFile['identity']
  readonly offset: number
  readonly #package: PooledFile

  constructor(file: PooledFile, entry: PackageEntry) {
    this.path = file.path
    this.identity = file.identity
    this.#package = file
    this.offset = entry.offset
  }

  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    this.#package.read(target, offset, length, this.offset + position)
  }

  close(): void {
    this.#package.close()
  }
}
