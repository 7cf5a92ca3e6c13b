import { createHmac } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { HostMessage } from '../../core/explorer/contract/frames.ts'
import type { Reply, Result } from '../../core/explorer/contract/types.ts'
import type { ExplorerHost } from '../../core/explorer/host/host.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { Outbox } from './outbox.ts'

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

function closedStore(message: unknown, reply: Reply): number | null {
  if (!reply.ok) return null
  const { method, params } = message as { method: string; params: { store: number } }
  return method === 'closeStore' ? params.store : null
}

function openedStore(message: unknown, reply: Reply): number | null {
  if (!reply.ok || (message as { method: string }).method !== 'openStore') return null
  return (reply.result as Result<'openStore'>).store.id
}

/** The id of a request to close a store whose window never gets to know it. No window counts so far. */
const CLOSE_ID = Number.MAX_SAFE_INTEGER

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

/** Connects a window to the host. An unexpected failure ends only this connection. `key` proves the host. */
export function serveSocket(
  socket: WebSocket,
  host: Pick<ExplorerHost, 'connect'>,
  key: string,
  windows: ReadonlySet<WebSocket>,
): void {
  const fail = (): void => socket.terminate()
  let inHand = 0

  const regulate = (): void => {
    connection.hold(outbox.isBehind)
    if (outbox.isBehind || inHand > LIMITS.requestBytes) socket.pause()
    else if (socket.isPaused) socket.resume()
  }
  const outbox = new Outbox(socket, windows, regulate)
  const connection = host.connect(event => {
    try {
      outbox.sendEvent(event)
    } catch {
      fail()
    }
  })

  const answer = async (message: unknown, size: number): Promise<void> => {
    inHand += size
    regulate()
    const reply = await connection.request(message)
    inHand -= size
    const closed = closedStore(message, reply)
    if (closed !== null) outbox.dropEventsOf(closed)
    const opened = openedStore(message, reply)
    if (!outbox.sendReply(reply) && opened !== null)
      void connection.request({ id: CLOSE_ID, method: 'closeStore', params: { store: opened } })
    regulate()
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
    if (id === undefined) answer(message, data.length).catch(fail)
    else connection.cancel(id)
  })
  socket.on('error', fail)
  socket.on('close', () => connection.close())
}
