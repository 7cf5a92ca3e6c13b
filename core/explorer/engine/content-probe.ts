import { createHash } from 'node:crypto'
import { handles } from '../../system/handles.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'

/** Samples of the array beside what is shown: few, because each may be a seek of a slow disk. */
const SAMPLES = 8
const SAMPLE_BYTES = 4096

export type ReadShown = (reader: ArrayReader) => Uint8Array

/** Notices changes that file times don't show, as through a memory mapping. Compares the rows on screen and samples. */
export class ContentProbe {
  readonly #readShown: ReadShown
  #shown: string
  #samples: string | null = null

  constructor(readShown: ReadShown, shown: Uint8Array) {
    this.#readShown = readShown
    this.#shown = hashOf(shown)
  }

  /** Whether the content changed since the last call; false until the window's files are closed. Leaves none open. */
  hasChanged(reader: ArrayReader): boolean {
    const open = new Set(handles.openPaths)
    if (reader.source.parts.some(({ file }) => open.has(file.path))) return false
    const [shown, samples] = [this.#shown, this.#samples]
    try {
      this.#shown = hashOf(this.#readShown(reader))
      this.#samples = samplesOf(reader)
    } finally {
      reader.source.close()
    }
    return this.#shown !== shown || (samples !== null && this.#samples !== samples)
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64')

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
