import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export const BYTES_AFTER_END = 'there are bytes after the end of the compressed data'

/** What comes out of one of zlib's streams; chunks are copied, since a stream may hold on to them. */
export async function* throughStream(stream: Transform, chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const fed = pipeline(copies(chunks), stream)
  // What goes wrong is thrown by reading the stream; until then it must not count as unhandled.
  fed.catch(() => {})
  for await (const piece of stream as AsyncIterable<Uint8Array>) yield piece
  await fed
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

/** As `throughStream`; bytes that the decoder left over after its end are an error. */
export async function* decodeStream(
  stream: Transform & { readonly bytesWritten: number },
  chunks: Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let given = 0
  function* counted(): Generator<Uint8Array> {
    for (const chunk of chunks) {
      given += chunk.length
      yield chunk
    }
  }
  yield* throughStream(stream, counted())
  if (stream.bytesWritten < given) throw new Error(BYTES_AFTER_END)
}
