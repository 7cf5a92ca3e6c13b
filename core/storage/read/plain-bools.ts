import { DataSource, type SourcePart } from './source.ts'

/** Reads the bytes of a bool array as 0 or 1. NumPy accepts any other byte as true. */
class BoolSource extends DataSource {
  override read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    super.read(target, offset, length, position)
    normalize(new Uint8Array(target.buffer, target.byteOffset + offset, length))
  }
}

/** Wraps a source of bools so that it returns 0 or 1. */
export const withPlainBools = (source: DataSource): DataSource =>
  new BoolSource(source.parts as [SourcePart, ...SourcePart[]])

/** Bits that are 0 in four bytes which are each 0 or 1. */
const OTHER_BITS = 0xfe_fe_fe_fe

/** Replaces every nonzero byte by 1. */
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
