import type { LoggedRows } from './write-log.ts'
import { DataSource, type ReadableFile, type SourcePart } from './source.ts'

class OverlaidFile implements ReadableFile {
  readonly #file: ReadableFile
  readonly #start: number
  readonly #rows: LoggedRows
  /** Offset of each run in the new values. */
  readonly #offsets: Float64Array

  constructor(file: ReadableFile, start: number, rows: LoggedRows, offsets: Float64Array) {
    this.#file = file
    this.#start = start
    this.#rows = rows
    this.#offsets = offsets
  }

  get plain(): ReadableFile {
    return this.#file
  }

  get path(): string {
    return this.#file.path
  }

  get identity(): ReadableFile['identity'] {
    return this.#file.identity
  }

  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    this.#file.read(target, offset, length, position)
    const { positions, lengths, data } = this.#rows
    const from = this.#start + position
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    for (let run = this.#firstAfter(from); run < positions.length; run++) {
      const start = positions[run] as number
      if (start >= from + length) break
      const low = Math.max(start, from)
      const high = Math.min(start + (lengths[run] as number), from + length)
      const source = (this.#offsets[run] as number) + low - start
      bytes.set(data.subarray(source, source + high - low), offset + low - from)
    }
  }

  close(): void {
    this.#file.close()
  }

  #firstAfter(byte: number): number {
    const { positions, lengths } = this.#rows
    let low = 0
    let high = positions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((positions[middle] as number) + (lengths[middle] as number) <= byte) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Returns the file on disk that a part of an array lies in. */
export const plainFile = (file: ReadableFile): ReadableFile => (file instanceof OverlaidFile ? file.plain : file)

/** Overlays an array's bytes with the logged rows of an unfinished `replace`. */
export function overlaid(source: DataSource, rows: LoggedRows): DataSource {
  const offsets = new Float64Array(rows.lengths.length)
  for (let i = 1; i < offsets.length; i++) offsets[i] = (offsets[i - 1] as number) + (rows.lengths[i - 1] as number)
  const parts = source.parts.map(
    (part): SourcePart => ({ ...part, file: new OverlaidFile(part.file, part.start, rows, offsets) }),
  )
  return new DataSource(parts as [SourcePart, ...SourcePart[]])
}
