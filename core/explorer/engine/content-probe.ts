import { createHash } from 'node:crypto'
import { handles } from '../../system/handles.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'

/** Samples of the whole array, read besides the rows on screen. Few: on a slow disk, each may need a seek. */
const SAMPLES = 8
const SAMPLE_BYTES = 4096

export type ReadShown = (reader: ArrayReader) => Uint8Array

/** Notices changes that file times don't show, as through a memory mapping. Compares the rows on screen and samples. */
export class ContentProbe {
  #readShown: ReadShown = () => new Uint8Array()
  /** Copy of what a window shows, until it was compared; then only its hash is kept. */
  #copy: Uint8Array | null = null
  /** Hash of what the last call of `hasChanged` read. */
  #hash = ''
  /** Holds `#copy`. Used again, because new memory for a copy costs much more than the copy. */
  #memory = new Uint8Array()

  /** Notes what a window shows. Copies it and leaves the work to `hasChanged`: most of it is never compared. */
  note(readShown: ReadShown, shown: Uint8Array): void {
    this.#readShown = readShown
    if (this.#memory.length < shown.length) this.#memory = new Uint8Array(shown.length)
    this.#copy = this.#memory.subarray(0, shown.length)
    this.#copy.set(shown)
  }

  /** Whether the content changed since the last call; false until the window's files are closed. Leaves none open. */
  hasChanged(reader: ArrayReader): boolean {
    const open = new Set(handles.openPaths)
    if (reader.source.parts.some(({ file }) => open.has(file.path))) return false
    try {
      const shown = this.#readShown(reader)
      const hash = hashOf(shown, reader)
      const isSame = this.#copy === null ? hash === this.#hash : Buffer.compare(shown, this.#copy) === 0
      this.#hash = hash
      this.#copy = null
      this.#memory = new Uint8Array()
      return !isSame
    } finally {
      reader.source.close()
    }
  }
}

/** Returns the hash of what a window shows and of samples of the array. */
function hashOf(shown: Uint8Array, { source }: ArrayReader): string {
  const bytes = source.parts.reduce((sum, part) => sum + part.bytes, 0)
  const step = Math.max(SAMPLE_BYTES, Math.ceil(bytes / SAMPLES))
  const sample = Buffer.alloc(SAMPLE_BYTES)
  const hash = createHash('sha1').update(shown)
  for (let position = 0; position < bytes; position += step) {
    const length = Math.min(SAMPLE_BYTES, bytes - position)
    source.read(sample, 0, length, position)
    hash.update(sample.subarray(0, length))
  }
  return hash.digest('base64')
}
