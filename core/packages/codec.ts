import { setImmediate } from 'node:timers/promises'
import { constants, createInflate, inflateSync, type Inflate } from 'node:zlib'
import { messageOf, NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type PackageEntry, payloadProblem } from '../format/npkg.ts'
import type { Control } from './control.ts'
import type { InputFile } from './input-file.ts'
import { BYTES_AFTER_END, decodeStream } from './node-streams.ts'
import type { Pieces, Zstd } from './zstd.ts'
import { nodeZstd, zlibWithZstd } from './zstd-node.ts'

const UNKNOWN_CODEC = 'it is neither zstd nor zlib'
/** Size up to which an entry is read and decoded at once: that takes less time than starting a stream. */
const AT_ONCE_BYTES = 256 << 10
/** Bytes decoded before this thread yields to other tasks. */
const BYTES_PER_TURN = 4 << 20

/**
 * Decodes an entry piece by piece, each overwriting the last, never beyond its original size. Calls `control.check()`
 * for each chunk read and each piece. Throws `DAMAGED`, and what `control` throws.
 */
export async function* decodeEntry(
  input: InputFile,
  entry: PackageEntry,
  zstd: Zstd,
  control: Pick<Control, 'check'>,
): AsyncGenerator<Uint8Array> {
  checkPayload(input, entry)
  const { originalSize } = entry
  let size = 0
  try {
    for await (const piece of decode(checkedChunks(input, entry, control), entry, zstd)) {
      size += piece.length
      if (size > originalSize) throw tooMuch(input, entry)
      control.check()
      yield piece
    }
  } catch (error) {
    if (error instanceof NumPackError) throw error
    throw undecodable(input, entry, error)
  }
  if (size < originalSize) throw tooLittle(input, entry, size)
}

/** Reads an entry's payload. Checks at each chunk, because a chunk may decode to nothing. */
function* checkedChunks(
  input: InputFile,
  { offset, storedSize }: PackageEntry,
  control: Pick<Control, 'check'>,
): Generator<Uint8Array> {
  for (const chunk of input.chunks(offset, storedSize)) {
    control.check()
    yield chunk
  }
}

function decode(chunks: Iterable<Uint8Array>, { codec }: PackageEntry, zstd: Zstd): Pieces {
  switch (codec) {
    case 'raw':
      return chunks
    case 'zstd':
      return zstd.decompress(chunks)
    case 'zlib':
      return decodeStream(createInflate(), chunks)
    case 'unknown':
      throw new Error(UNKNOWN_CODEC)
    default:
      return codec satisfies never
  }
}

function checkPayload(input: InputFile, entry: PackageEntry): void {
  const problem = payloadProblem(entry, input.path)
  if (problem !== null) throw problem
}

/** Decodes a small entry at once. Needs up to twice its original size of memory, which the caller has checked. */
export function decodeWhole(input: InputFile, entry: PackageEntry): Uint8Array {
  checkPayload(input, entry)
  const stored = Buffer.concat(Array.from(input.chunks(entry.offset, entry.storedSize), chunk => chunk.slice()))
  if (entry.codec === 'raw') return stored
  const options = { info: true, maxOutputLength: Math.max(1, entry.originalSize) } as const
  const params = { [constants.ZSTD_d_windowLogMax]: LIMITS.zstdWindowLog }
  const zstdDecompressSync = entry.codec === 'zstd' ? zlibWithZstd().zstdDecompressSync : null
  let decoded: { buffer: Uint8Array; engine: Pick<Inflate, 'bytesWritten'> }
  try {
    if (entry.codec === 'unknown') throw new Error(UNKNOWN_CODEC)
    const bytes =
      zstdDecompressSync === null ? inflateSync(stored, options) : zstdDecompressSync(stored, { ...options, params })
    // With `info` the result differs from the Buffer that @types/node declares.
    decoded = bytes as unknown as typeof decoded
    if (decoded.engine.bytesWritten < stored.length) throw new Error(BYTES_AFTER_END)
  } catch (error) {
    if (error instanceof RangeError) throw tooMuch(input, entry)
    throw undecodable(input, entry, error)
  }
  const { length } = decoded.buffer
  if (length > entry.originalSize) throw tooMuch(input, entry)
  if (length < entry.originalSize) throw tooLittle(input, entry, length)
  return decoded.buffer
}

/** Decodes an entry in this thread, yielding to other tasks. Needs its original size of memory: callers check that. */
export async function decodeInTurns(
  input: InputFile,
  entry: PackageEntry,
  control: Pick<Control, 'check'>,
): Promise<Uint8Array> {
  await setImmediate()
  control.check()
  if (entry.originalSize + entry.storedSize <= AT_ONCE_BYTES) return decodeWhole(input, entry)
  const bytes = new Uint8Array(entry.originalSize)
  let size = 0
  let turns = 0
  // The other zstd has one decoder a thread, which interleaved entries can't share.
  for await (const piece of decodeEntry(input, entry, nodeZstd, control)) {
    bytes.set(piece, size)
    size += piece.length
    if (size < (turns + 1) * BYTES_PER_TURN) continue
    turns = Math.floor(size / BYTES_PER_TURN)
    await setImmediate()
  }
  return bytes
}

function broken(input: InputFile, { name }: PackageEntry, what: string, cause?: unknown): NumPackError {
  return new NumPackError(
    'DAMAGED',
    `${input.path}: entry '${name}' ${what}. The package is damaged; use another copy.`,
    { file: input.path, entry: name },
    cause,
  )
}

const tooMuch = (input: InputFile, entry: PackageEntry): NumPackError =>
  broken(input, entry, `unpacks to more than it says (${entry.originalSize} bytes)`)

const tooLittle = (input: InputFile, entry: PackageEntry, size: number): NumPackError =>
  broken(input, entry, `unpacks to less than it says (${size} of ${entry.originalSize} bytes)`)

const undecodable = (input: InputFile, entry: PackageEntry, error: unknown): NumPackError =>
  broken(input, entry, `can't be decompressed: ${messageOf(error)}`, error)
