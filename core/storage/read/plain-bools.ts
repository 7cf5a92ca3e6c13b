import { DataSource, type SourcePart } from './source.ts'

class BoolSource extends DataSource {
  override read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    super.read(target, offset, length, position)
    normalize(new Uint8Array(target.buffer, target.byteOffset + offset, length))
  }
}

/** Makes a source of bools return 0 or 1: NumPy accepts any other byte as true. */
export const withPlainBools = (source: DataSource): DataSource =>
  new BoolSource(source.parts as [SourcePart, ...SourcePart[]])

const OTHER_BITS = 0xfe_fe_fe_fe

function normalize(bytes: Uint8Array): void {
  const lead = -bytes.byteOffset & 3
  if (bytes.length < lead) {
    normalizeBytes(bytes, 0, bytes.length)
    return
  }
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >>> 2)
  normalizeBytes(bytes, 0, lead)
  for (let i = 0; i < words.length; i++) {
    if (((words[i] as number) & OTHER_BITS) === 0) continue
    normalizeBytes(bytes, lead + 4 * i, lead + 4 * i + 4)
  }
  normalizeBytes(bytes, lead + 4 * words.length, bytes.length)
}

function normalizeBytes(bytes: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 1) bytes[i] = 1
}
