import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections with an unanswered request. */
const answering = new WeakSet<Duplex>()
/** The last bytes read from each connection, which Node parses. */
const chunks = new WeakMap<Duplex, Buffer>()

function keepChunk(this: Duplex, chunk: Buffer): void {
  chunks.set(this, chunk)
}

/** Prepares `isOnlyRequest` for a connection. Call before its first data. */
export function watchRequests(socket: Duplex): void {
  socket.prependListener('data', keepChunk)
}

/** Undoes `watchRequests`: the connection sends no more requests. */
export function unwatchRequests(socket: Duplex): void {
  socket.off('data', keepChunk)
  chunks.delete(socket)
}

/**
 * Whether a request may be answered. Destroys a connection that sends a request before the last one is answered;
 * browsers don't do that.
 */
export function isOnlyRequest({ socket }: IncomingMessage, response?: ServerResponse): boolean {
  if (answering.has(socket)) {
    // Node parses up to 900 requests from one 64 KiB read in one turn of the event loop, even after the connection is
    // destroyed. It stops at invalid bytes.
    chunks.get(socket)?.fill(0)
    socket.destroy()
    return false
  }
  if (response) {
    answering.add(socket)
    response.once('close', () => answering.delete(socket))
  }
  return true
}
