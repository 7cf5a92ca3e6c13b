import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export const BYTES_AFTER_END = 'there are bytes after the end of the compressed data'

/** Yields the output of a zlib stream. Copies the chunks, because a stream may keep them. */
export async function* throughStream(stream: Transform, chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const fed = pipeline(copies(chunks), stream)
  // Reading the stream throws errors; until then a rejection must not count as unhandled.
  fed.catch(() => {})
  for await (const piece of stream as AsyncIterable<Uint8Array>) yield piece
  await fed
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

/** As `throughStream`, but bytes after the decoder's end are an error. */
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
