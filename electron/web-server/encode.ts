import { encodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply, Task } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'

const TOO_LARGE = {
  code: 'ARGUMENT',
  message: `The answer is too large to be shown: more than ${LIMITS.replyBytes / 2 ** 20} MiB.`,
  details: { limit: LIMITS.replyBytes },
} as const

function encodeMessage(message: HostMessage): string | null {
  try {
    const text = JSON.stringify(message)
    return text.length > LIMITS.replyBytes ? null : text
  } catch (error) {
    // Longer than any string, or nested deeper than the stack.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Encodes a reply as a frame. One that is too large becomes an error. */
export function encodeReply(reply: Reply): string | Uint8Array {
  const error: Reply = { id: reply.id, ok: false, error: TOO_LARGE }
  if (!reply.ok || !reply.bytes) return encodeMessage({ reply }) ?? JSON.stringify({ reply: error })
  const { bytes, ...header } = reply
  const isSmall = bytes.byteLength <= LIMITS.replyBytes && encodeMessage({ reply: header }) !== null
  return isSmall ? encodeBinaryReply(reply, bytes) : JSON.stringify({ reply: error })
}

/**
 * Encodes an event as a frame; null when it is too large. A store that is too large is reported as a problem, a job
 * with a too large result as failed: a window would otherwise wait for its end.
 */
export function encodeEvent(event: ExplorerEvent): string | null {
  const text = encodeMessage({ event })
  if (text !== null) return text
  if (event.type === 'taskChanged') {
    const { state } = event.task
    const end = {
      state: state === 'done' ? 'failed' : state,
      result: null,
      error: state === 'running' ? null : TOO_LARGE,
    }
    return encodeMessage({ event: { ...event, task: { ...event.task, ...end } as Task } })
  }
  if (event.type !== 'storeChanged') return null
  const problem = 'This store has become too large to be shown.'
  return encodeMessage({ event: { ...event, store: { ...event.store, arrays: [], warnings: [], problem } } })
}
