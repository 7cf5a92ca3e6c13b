import { createHmac } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { HostMessage } from '../../core/explorer/contract/frames.ts'
import type { Reply, Result } from '../../core/explorer/contract/types.ts'
import type { ExplorerHost } from '../../core/explorer/host/host.ts'
import { countJsonValues } from '../../core/format/bounded.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { Outbox } from './outbox.ts'
import type { UnansweredRequests } from './unanswered-requests.ts'

/** Close code of RFC 6455: the message could not be understood. */
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

interface Effect {
  readonly opens: boolean
  /** The store that it closes, or null. */
  readonly closes: number | null
}

/** What a message does if it is a request that succeeds. */
function effectOf(message: unknown): Effect {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { store?: unknown } | null }
  const store = params?.store
  return { opens: method === 'openStore', closes: method === 'closeStore' && typeof store === 'number' ? store : null }
}

const MAX_CHALLENGE = 64

const challenged = (message: unknown): string | undefined => {
  const challenge = (message as { challenge?: unknown } | null | undefined)?.challenge
  return typeof challenge === 'string' && challenge.length <= MAX_CHALLENGE ? challenge : undefined
}

function answerTo(challenge: string, key: string): string {
  const answer: HostMessage =
    challenge === '' ? { key } : { proof: createHmac('sha256', key).update(challenge).digest('base64') }
  return JSON.stringify(answer)
}

interface AllWindows {
  readonly sockets: ReadonlySet<WebSocket>
  readonly requests: UnansweredRequests
}

/** Connects a window to the host. An unexpected failure ends only this connection. `key` proves the host. */
export function serveSocket(
  socket: WebSocket,
  host: Pick<ExplorerHost, 'connect'>,
  key: string,
  { sockets, requests }: AllWindows,
): void {
  const fail = (): void => socket.terminate()
  let unansweredBytes = 0

  const mostUnansweredBytes = (): number => (requests.isFull ? LIMITS.sharedRequestBytes : LIMITS.requestBytes)
  const regulate = (): void => {
    connection.hold(outbox.isBehind)
    if (outbox.isBehind || unansweredBytes > mostUnansweredBytes()) socket.pause()
    else if (socket.isPaused) socket.resume()
  }
  const outbox = new Outbox(socket, sockets, regulate)
  const connection = host.connect(event => {
    try {
      outbox.sendEvent(event)
    } catch {
      fail()
    }
  })

  const count = (bytes: number): void => {
    unansweredBytes += bytes
    requests.add(bytes)
    regulate()
  }
  const sendReply = ({ opens, closes }: Effect, reply: Reply): void => {
    if (reply.ok && closes !== null) outbox.dropEventsOf(closes)
    const isSent = outbox.sendReply(reply)
    if (reply.ok && opens && !isSent) connection.closeStore((reply.result as Result<'openStore'>).store.id)
  }
  const request = async (message: unknown): Promise<Reply> => connection.request(message)
  /** Keeps nothing of the message until the reply: the connection keeps what it needs. */
  const answer = (message: unknown, bytes: number): void => {
    count(bytes)
    request(message)
      .then(sendReply.bind(undefined, effectOf(message)))
      .finally(() => count(-bytes))
      .catch(fail)
  }
  socket.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? undefined : parse(data)
    if (message === undefined) {
      socket.close(INVALID_MESSAGE, 'a message is one JSON value as text')
      return
    }
    const challenge = challenged(message)
    if (challenge !== undefined) {
      if (!outbox.isBehind) socket.send(answerTo(challenge, key))
      return
    }
    const id = cancelled(message)
    if (id === undefined) answer(message, data.length + LIMITS.messageValueBytes * countJsonValues(data))
    else connection.cancel(id)
  })
  socket.on('error', fail)
  const stopListening = requests.onChange(regulate)
  socket.on('close', () => {
    stopListening()
    connection.close()
  })
}
