import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export const BYTES_AFTER_END = 'there are bytes after the end of the compressed data'

/** Sends chunks through one of zlib's streams; chunks are copied, since a stream may hold on to them. */
export async function throughStream(
  stream: Transform,
  chunks: Iterable<Uint8Array>,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  await pipeline(copies(chunks), stream, async (pieces: AsyncIterable<Uint8Array>) => {
    for await (const piece of pieces) sink(piece)
  })
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

/** As `throughStream`; bytes that the decoder left over after its end are an error. */
export async function decodeStream(
  stream: Transform & { readonly bytesWritten: number },
  chunks: Iterable<Uint8Array>,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  let given = 0
  function* counted(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      given += chunk.length
      yield chunk
    }
  }
  await throughStream(stream, counted(), sink)
  if (stream.bytesWritten < given) throw new Error(BYTES_AFTER_END)
}
