import { type ClientMessage, decodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { BridgeError, type Connection, type HostBridge } from './bridge.ts'
import { isProof } from './host-proof.ts'
import { createRequester } from './requester.ts'

const RETRY_FIRST_MS = 500
const RETRY_LONGEST_MS = 5000

const hostGone = (): BridgeError => new BridgeError('HOST_GONE', 'The connection to the host is lost.')

function proofIn(data: unknown): string | null {
  try {
    const { proof } = JSON.parse(data as string) as { proof?: unknown }
    return typeof proof === 'string' ? proof : null
  } catch {
    return null
  }
}

interface Pending {
  resolve: (reply: Reply) => void
  reject: (error: BridgeError) => void
}

/** Creates the bridge to the browser host. After a loss, a host must prove its key: another user may take the port. */
export function createWebSocketBridge(address: URL): HostBridge {
  const pending = new Map<number, Pending>()
  const eventListeners = new Set<(event: ExplorerEvent) => void>()
  const connectionListeners = new Set<(connection: Connection) => void>()
  let socket: WebSocket
  let unsent: string[] = []
  let lost = false
  let key: string | null = null
  let challenge = ''
  let wasOpen = false
  let hasEnded = false
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
    if ('key' in message) key ??= message.key
    else if ('reply' in message) settle(message.reply)
    else if ('event' in message) for (const listener of eventListeners) listener(message.event)
  }

  /** After the host was lost, reads nothing but a proof. */
  const receiveProof = async (from: WebSocket, data: unknown): Promise<void> => {
    const proof = proofIn(data)
    if (proof === null) return
    if (key === null || !(await isProof(key, challenge, proof))) {
      hasEnded = true
      from.close()
      return
    }
    // The connection may have ended during the check; the next one has to prove itself again.
    if (from === socket && from.readyState === WebSocket.OPEN) onConnected()
  }

  const onConnected = (): void => {
    retryAfter = RETRY_FIRST_MS
    if (!lost) return
    lost = false
    notify('connected')
  }

  const notify = (connection: Connection): void => {
    for (const listener of connectionListeners) listener(connection)
  }

  const onDisconnected = (): void => {
    for (const { reject } of pending.values()) reject(hostGone())
    pending.clear()
    unsent = []
    // Without the key no host can prove that it is the same one.
    if (wasOpen && key === null) hasEnded = true
    if (!hasEnded) setTimeout(connect, retryAfter)
    retryAfter = Math.min(2 * retryAfter, RETRY_LONGEST_MS)
    if (lost) return
    lost = true
    notify('lost')
  }

  function connect(): void {
    const opened = new WebSocket(address)
    socket = opened
    opened.binaryType = 'arraybuffer'
    opened.addEventListener('message', ({ data }) => (lost ? void receiveProof(opened, data) : receive(data)))
    opened.addEventListener('close', onDisconnected)
    opened.addEventListener('open', () => {
      challenge = key === null ? '' : crypto.randomUUID()
      for (const text of [JSON.stringify({ challenge } satisfies ClientMessage), ...unsent]) opened.send(text)
      unsent = []
      wasOpen = true
      // The first connection needs no proof: this host served the page.
      if (key === null) onConnected()
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
