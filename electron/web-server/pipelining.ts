import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections whose current request is not answered yet. */
const answering = new WeakSet<Duplex>()
/** The chunk of each connection that Node is parsing. */
const chunks = new WeakMap<Duplex, Buffer>()

function keepChunk(this: Duplex, chunk: Buffer): void {
  chunks.set(this, chunk)
}

/** Prepares `isOnlyRequest` for a connection. Call before its first data. */
export function watchRequests(socket: Duplex): void {
  socket.prependListener('data', keepChunk)
}

export function unwatchRequests(socket: Duplex): void {
  socket.off('data', keepChunk)
  chunks.delete(socket)
}

/** Whether a request may be answered. Destroys a connection that pipelines requests, as no browser does. */
export function isOnlyRequest({ socket }: IncomingMessage, response?: ServerResponse): boolean {
  if (answering.has(socket)) {
    // Node parses up to 900 requests of one 64 KiB read even after `destroy`, but stops at invalid bytes.
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
