import type { FileIdentity } from '../../system/file-stat.ts'

/** Something that holds an array's bytes: a file, or a part of one. */
export interface ReadableFile {
  /** The file that holds the bytes, and what tells it from another that took its place. */
  readonly path: string
  readonly identity: FileIdentity
  /** Where the bytes begin in the file at `path`, for who reads that itself; absent where only `read` knows the bytes. */
  readonly offset?: number
  /** Reads exactly `length` bytes at `position` into `target` from byte `offset`. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void
  /** Lets go of the file; the next read opens it again. */
  close(): void
}

/** A run of an array's bytes that one file holds from its beginning. */
export interface SourcePart {
  readonly file: ReadableFile
  /** The file's path relative to the store. */
  readonly name: string
  /** Where the run begins in the array, in bytes. */
  readonly start: number
  readonly bytes: number
}

/** The bytes of one array, whether one file holds them or several segments. */
export class DataSource {
  readonly parts: readonly SourcePart[]
  readonly #first: SourcePart

  /** `parts` in order, without gaps; at least one. */
  constructor(parts: readonly [SourcePart, ...SourcePart[]]) {
    this.parts = parts
    this.#first = parts[0]
  }

  /** Reads exactly `length` bytes at byte `position` of the array into `target` from byte `offset`. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    const first = this.#first
    if (position + length <= first.bytes) {
      if (length > 0) first.file.read(target, offset, length, position)
      return
    }
    let done = 0
    for (let i = this.#partAt(position); done < length; i++) {
      const part = this.parts[i] as SourcePart
      const at = position + done - part.start
      const count = Math.min(length - done, part.bytes - at)
      if (count > 0) part.file.read(target, offset + done, count, at)
      done += count
    }
  }

  /** The file (relative to the store) and the offset in it, in bytes, of byte `position` of the array. */
  locate(position: number): { file: string; offset: number } {
    const part = this.parts[this.#partAt(position)] as SourcePart
    return { file: part.name, offset: position - part.start }
  }

  /** Closes the files' descriptors; the next read opens them again. */
  close(): void {
    for (const part of this.parts) part.file.close()
  }

  /** The last part that begins at or before `position`. */
  #partAt(position: number): number {
    let low = 0
    let high = this.parts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.parts[middle] as SourcePart).start <= position) low = middle
      else high = middle
    }
    return low
  }
}
