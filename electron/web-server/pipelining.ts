import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections with a request that is not answered yet. */
const answering = new WeakSet<Duplex>()
/** What each connection sent last, in which Node looks for requests. */
const chunks = new WeakMap<Duplex, Buffer>()

function keepChunk(this: Duplex, chunk: Buffer): void {
  chunks.set(this, chunk)
}

/** Has `isOnlyRequest` end what this connection sends; to be called before it says anything. */
export function watchRequests(socket: Duplex): void {
  socket.prependListener('data', keepChunk)
}

/** No more requests come on this connection. */
export function unwatchRequests(socket: Duplex): void {
  socket.off('data', keepChunk)
  chunks.delete(socket)
}

/**
 * Whether a request may be answered: the connection of one that didn't wait for the answer to the request before it is
 * destroyed. Browsers wait.
 */
export function isOnlyRequest({ socket }: IncomingMessage, response?: ServerResponse): boolean {
  if (answering.has(socket)) {
    // Node finds up to 900 requests in the 64 KiB that it reads at a time, in one turn of the event loop, whether or not
    // the connection is there. It stops at bytes that are no request.
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
