import type { FileIdentity } from '../../system/file-stat.ts'

export interface ReadableFile {
  readonly path: string
  readonly identity: FileIdentity
  /** Offset of the bytes in the file; absent if only `read` gives the right bytes. */
  readonly offset?: number
  /** Reads exactly `length` bytes at `position` into `target` from byte `offset`. */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void
  /** Closes the file; the next read opens it again. */
  close(): void
  /** Keeps bytes that were made for reading, such as decompressed ones, until it is disposed. */
  lease?(): Disposable
}

/** A range of an array's bytes: the beginning of one file. */
export interface SourcePart {
  readonly file: ReadableFile
  readonly name: string
  /** Offset in the array, in bytes. */
  readonly start: number
  readonly bytes: number
}

export class DataSource {
  readonly parts: readonly SourcePart[]
  readonly #first: SourcePart

  constructor(parts: readonly [SourcePart, ...SourcePart[]]) {
    this.parts = parts
    this.#first = parts[0]
  }

  /** As `ReadableFile.read`, at byte `position` of the array. */
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

  /** Returns a lease of all its files. */
  lease(): Disposable {
    const leases = this.parts.map(({ file }) => file.lease?.())
    return {
      [Symbol.dispose]() {
        for (const lease of leases) lease?.[Symbol.dispose]()
      },
    }
  }

  /** Does work, with a lease of all its files until that ends. */
  async whileLeased<T>(work: () => Promise<T>): Promise<T> {
    using _ = this.lease()
    return await work()
  }

  /** Returns the file (relative to the store) and the offset in it of a byte of the array. */
  locate(position: number): { file: string; offset: number } {
    const part = this.parts[this.#partAt(position)] as SourcePart
    return { file: part.name, offset: position - part.start }
  }

  close(): void {
    for (const part of this.parts) part.file.close()
  }

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
