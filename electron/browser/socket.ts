import type { WebSocket } from 'ws'
import { encodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import type { ExplorerHost } from '../../core/explorer/host.ts'

/** With more unsent bytes than this a window's requests wait: it has four of the largest replies to take. */
const HOLD_ABOVE_BYTES = 32 * 2 ** 20

/** A close code of RFC 6455: the message could not be understood. */
const INVALID_MESSAGE = 1007

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    return undefined
  }
}

const cancelled = (message: unknown): number | undefined => {
  const id = (message as { cancel?: unknown } | null | undefined)?.cancel
  return typeof id === 'number' ? id : undefined
}

/** Connects a window's WebSocket to the host until it is closed. */
export function serveSocket(socket: WebSocket, host: ExplorerHost): void {
  const holdOrRelease = (): void => connection.hold(socket.bufferedAmount > HOLD_ABOVE_BYTES)
  const send = (data: string | Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return
    socket.send(data, holdOrRelease)
    holdOrRelease()
  }
  const sendMessage = (message: HostMessage): void => send(JSON.stringify(message))
  const reply = (reply: Reply): void => {
    if (reply.ok && reply.bytes) send(encodeBinaryReply(reply, reply.bytes))
    else sendMessage({ reply })
  }

  const connection = host.connect((event: ExplorerEvent) => sendMessage({ event }))
  socket.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? undefined : parse(data)
    if (message === undefined) {
      socket.close(INVALID_MESSAGE, 'a message is one JSON value as text')
      return
    }
    const id = cancelled(message)
    if (id === undefined) void connection.request(message).then(reply)
    else connection.cancel(id)
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => connection.close())
}
