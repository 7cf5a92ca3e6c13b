import { createInflate } from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import type { PackageEntry } from '../format/npkg.ts'
import type { InputFile } from './input-file.ts'
import { decodeStream } from './node-streams.ts'
import type { Zstd } from './zstd.ts'

/**
 * Gives an entry's own bytes to `sink`, piece by piece (each overwritten after its return), and never more than its
 * original size. Throws `DAMAGED` when they are more or fewer, or can't be decompressed.
 */
export async function decodeEntry(
  input: InputFile,
  entry: PackageEntry,
  zstd: Zstd,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  const { name, originalSize } = entry
  const broken = (what: string, cause?: unknown): NumPackError =>
    new NumPackError(
      'DAMAGED',
      `${input.path}: entry '${name}' ${what}. The package is damaged; use another copy.`,
      { file: input.path, entry: name },
      cause,
    )
  let size = 0
  const capped = (piece: Uint8Array): void => {
    size += piece.length
    if (size > originalSize) throw broken(`unpacks to more than it says (${originalSize} bytes)`)
    sink(piece)
  }
  try {
    await decode(input.chunks(entry.offset, entry.storedSize), entry, zstd, capped)
  } catch (error) {
    if (error instanceof NumPackError) throw error
    throw broken(`can't be decompressed: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  if (size < originalSize) throw broken(`unpacks to less than it says (${size} of ${originalSize} bytes)`)
}

async function decode(
  chunks: Iterable<Uint8Array>,
  { codec }: PackageEntry,
  zstd: Zstd,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  switch (codec) {
    case 'raw':
      for (const chunk of chunks) sink(chunk)
      return
    case 'zstd':
      return zstd.decompress(chunks, sink)
    case 'zlib':
      return decodeStream(createInflate(), chunks, sink)
    case 'unknown':
      throw new Error('it is neither zstd nor zlib')
  }
}
