import { createHash } from 'node:crypto'
import { handles } from '../../system/handles.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'

/** Samples of the whole array, read besides the rows on screen. Few: on a slow disk, each may need a seek. */
const SAMPLES = 8
const SAMPLE_BYTES = 4096

export type ReadShown = (reader: ArrayReader) => Uint8Array

/** Notices changes that file times don't show, as through a memory mapping. Compares the rows on screen and samples. */
export class ContentProbe {
  /** Holds `#shown`. Kept, because new memory for a copy costs much more than the copy. */
  #memory = new Uint8Array()
  #shown = this.#memory
  #readShown: ReadShown = () => this.#shown
  #samples: string | null = null

  /** Notes what a window shows. Copies it and leaves the work to `hasChanged`: most of it is never compared. */
  note(readShown: ReadShown, shown: Uint8Array): void {
    this.#readShown = readShown
    this.#keep(shown)
    this.#samples = null
  }

  /** Whether the content changed since the last call; false until the window's files are closed. Leaves none open. */
  hasChanged(reader: ArrayReader): boolean {
    const open = new Set(handles.openPaths)
    if (reader.source.parts.some(({ file }) => open.has(file.path))) return false
    try {
      const shown = this.#readShown(reader)
      const samples = samplesOf(reader)
      const isSame = Buffer.compare(shown, this.#shown) === 0 && samples === (this.#samples ?? samples)
      this.#keep(shown)
      this.#samples = samples
      return !isSame
    } finally {
      reader.source.close()
    }
  }

  #keep(shown: Uint8Array): void {
    if (this.#memory.length < shown.length) this.#memory = new Uint8Array(shown.length)
    this.#shown = this.#memory.subarray(0, shown.length)
    this.#shown.set(shown)
  }
}

function samplesOf({ source }: ArrayReader): string {
  const bytes = source.parts.reduce((sum, part) => sum + part.bytes, 0)
  const step = Math.max(SAMPLE_BYTES, Math.ceil(bytes / SAMPLES))
  const sample = Buffer.alloc(SAMPLE_BYTES)
  const hash = createHash('sha1')
  for (let position = 0; position < bytes; position += step) {
    const length = Math.min(SAMPLE_BYTES, bytes - position)
    source.read(sample, 0, length, position)
    hash.update(sample.subarray(0, length))
  }
  return hash.digest('base64')
}
