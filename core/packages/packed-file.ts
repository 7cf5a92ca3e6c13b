import { statSync } from 'node:fs'
import type { PackageEntry } from '../format/npkg.ts'
import { changedOnDisk, type PooledFile } from '../system/handles.ts'
import { ioError } from '../system/io-error.ts'
import type { ReadableFile } from '../storage/read/source.ts'
import { contentIdentity } from './content-identity.ts'

/** An entry that is stored as it is, read in its place in the package. */
export class PackedFile implements ReadableFile {
  readonly path: string
  readonly identity: PooledFile['identity']
  readonly offset: number
  readonly #package: PooledFile
  readonly #content: string

  /** `content`: the `contentIdentity` of the package whose index it was found in. */
  constructor(file: PooledFile, entry: PackageEntry, content: string) {
    this.path = file.path
    this.identity = file.identity
    this.#package = file
    this.#content = content
    this.offset = entry.offset
  }

  /** Throws `CHANGED_ON_DISK` also when the package was overwritten: where an entry was there may be another one. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    this.#package.read(target, offset, length, this.offset + position)
    // Afterwards: what was read before a change is seen is of the content that was opened.
    if (this.#isUnchanged()) return
    this.close()
    throw changedOnDisk(this.path, 'it was written to or replaced')
  }

  #isUnchanged(): boolean {
    try {
      return contentIdentity(statSync(this.path, { bigint: true })) === this.#content
    } catch (error) {
      throw ioError(error, this.path, 'read')
    }
  }

  close(): void {
    this.#package.close()
  }
}
