import { type ClientMessage, decodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { BridgeError, type Connection, type HostBridge } from './bridge.ts'
import { createRequester } from './requester.ts'

const RETRY_FIRST_MS = 500
const RETRY_LONGEST_MS = 5000

const hostGone = (): BridgeError => new BridgeError('HOST_GONE', 'The connection to the host is lost.')

interface Pending {
  resolve: (reply: Reply) => void
  reject: (error: BridgeError) => void
}

/** The bridge of a page that the browser host serves. Reconnects by itself, for as long as the page is open. */
export function createWebSocketBridge(address: URL): HostBridge {
  const pending = new Map<number, Pending>()
  const eventListeners = new Set<(event: ExplorerEvent) => void>()
  const connectionListeners = new Set<(connection: Connection) => void>()
  let socket: WebSocket
  let unsent: string[] = []
  let lost = false
  let retryAfter = RETRY_FIRST_MS

  const settle = (reply: Reply): void => {
    pending.get(reply.id)?.resolve(reply)
    pending.delete(reply.id)
  }

  const receive = (data: unknown): void => {
    if (data instanceof ArrayBuffer) {
      settle(decodeBinaryReply(data))
      return
    }
    const message = JSON.parse(data as string) as HostMessage
    if ('reply' in message) settle(message.reply)
    else for (const listener of eventListeners) listener(message.event)
  }

  const tell = (connection: Connection): void => {
    for (const listener of connectionListeners) listener(connection)
  }

  const disconnected = (): void => {
    for (const { reject } of pending.values()) reject(hostGone())
    pending.clear()
    unsent = []
    setTimeout(connect, retryAfter)
    retryAfter = Math.min(2 * retryAfter, RETRY_LONGEST_MS)
    if (lost) return
    lost = true
    tell('lost')
  }

  function connect(): void {
    socket = new WebSocket(address)
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => receive(data))
    socket.addEventListener('close', disconnected)
    socket.addEventListener('open', () => {
      for (const text of unsent) socket.send(text)
      unsent = []
      retryAfter = RETRY_FIRST_MS
      if (!lost) return
      lost = false
      tell('connected')
    })
  }

  const send = (message: ClientMessage): void => {
    const text = JSON.stringify(message)
    if (socket.readyState === WebSocket.OPEN) socket.send(text)
    else unsent.push(text)
  }

  connect()
  return {
    request: createRequester({
      send: request => {
        if (lost) return Promise.reject(hostGone())
        return new Promise((resolve, reject) => {
          pending.set(request.id, { resolve, reject })
          send(request)
        })
      },
      cancel: id => {
        if (pending.delete(id)) send({ cancel: id })
      },
    }),
    subscribe: listener => {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    pathForFile: () => '',
    onConnection: listener => {
      connectionListeners.add(listener)
      return () => connectionListeners.delete(listener)
    },
  }
}
