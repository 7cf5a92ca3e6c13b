import type { PackageEntry } from '../format/npkg.ts'
import { statPath } from '../system/file-stat.ts'
import { changedOnDisk, type PooledFile } from '../system/handles.ts'
import { ioError } from '../system/io-error.ts'
import type { ReadableFile } from '../storage/read/source.ts'
import { packageState } from './package-state.ts'

/** An uncompressed entry, read in place. */
export class PackedFile implements ReadableFile {
  readonly path: string
  readonly identity: PooledFile['identity']
  readonly offset: number
  readonly #package: PooledFile
  readonly #state: string

  /** `state`: the `packageState` when the index was read. */
  constructor(file: PooledFile, entry: PackageEntry, state: string) {
    this.path = file.path
    this.identity = file.identity
    this.#package = file
    this.#state = state
    this.offset = entry.offset
  }

  /** Throws `CHANGED_ON_DISK` also after overwriting, because another entry may be in the same place. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    this.#package.read(target, offset, length, this.offset + position)
    // Check after reading: bytes read before a change is visible are of the opened content.
    if (this.#isUnchanged()) return
    this.close()
    throw changedOnDisk(this.path, 'it was written to or replaced')
  }

  #isUnchanged(): boolean {
    try {
      return packageState(statPath(this.path)) === this.#state
    } catch (error) {
      throw ioError(error, this.path, 'read')
    }
  }

  close(): void {
    this.#package.close()
  }
}
