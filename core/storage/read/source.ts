import type { FileIdentity } from '../../system/file-stat.ts'

/** A file, or part of one, with an array's bytes. */
export interface ReadableFile {
  /** Path and identity of the file. */
  readonly path: string
  readonly identity: FileIdentity
  /**
   * Offset of the bytes in the file, for callers that read it themselves; absent if only `read` gives the right bytes.
   */
  readonly offset?: number
  /** Reads exactly `length` bytes at `position` into `target` from byte `offset`. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void
  /** Closes the file; the next read opens it again. */
  close(): void
}

/** A range of an array's bytes, at the beginning of one file. */
export interface SourcePart {
  readonly file: ReadableFile
  /** Path of the file relative to the store. */
  readonly name: string
  /** Offset of the range in the array, in bytes. */
  readonly start: number
  readonly bytes: number
}

/** The bytes of one array, in one file or in several segments. */
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

  /** Returns the file (relative to the store) and the offset in it of byte `position` of the array. */
  locate(position: number): { file: string; offset: number } {
    const part = this.parts[this.#partAt(position)] as SourcePart
    return { file: part.name, offset: position - part.start }
  }

  /** Closes the files' descriptors; the next read opens them again. */
  close(): void {
    for (const part of this.parts) part.file.close()
  }

  /** Returns the last part that begins at or before `position`. */
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
