import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections with a request that is not answered yet. */
const answering = new WeakSet<Duplex>()
/** The last bytes of each connection, in which Node parses requests. */
const chunks = new WeakMap<Duplex, Buffer>()

function keepChunk(this: Duplex, chunk: Buffer): void {
  chunks.set(this, chunk)
}

/** Lets `isOnlyRequest` stop this connection. Must be called before its first data. */
export function watchRequests(socket: Duplex): void {
  socket.prependListener('data', keepChunk)
}

/** Ends `watchRequests`: this connection sends no more requests. */
export function unwatchRequests(socket: Duplex): void {
  socket.off('data', keepChunk)
  chunks.delete(socket)
}

/**
 * Whether a request may be answered. A connection that sends a request before the last one is answered is destroyed;
 * browsers don't do that.
 */
export function isOnlyRequest({ socket }: IncomingMessage, response?: ServerResponse): boolean {
  if (answering.has(socket)) {
    // Node parses up to 900 requests from one read of 64 KiB in one turn of the event loop, even after the connection was
    // destroyed. It stops at bytes that are no request.
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
