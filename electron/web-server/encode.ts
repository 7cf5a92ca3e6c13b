import { encodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply, Task } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'

const TOO_LARGE = {
  code: 'ARGUMENT',
  message: `The answer is too large to be shown: more than ${LIMITS.replyBytes / 2 ** 20} MiB.`,
  details: { limit: LIMITS.replyBytes },
} as const

/** A message as JSON text, or null where it is too large for a message or for a text. */
function encodeMessage(message: HostMessage): string | null {
  try {
    const text = JSON.stringify(message)
    return text.length > LIMITS.replyBytes ? null : text
  } catch (error) {
    // Longer than any text can be, or nested deeper than the stack is.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** A reply as a frame. One that is too large becomes the error that says so. */
export function encodeReply(reply: Reply): string | Uint8Array {
  const error: Reply = { id: reply.id, ok: false, error: TOO_LARGE }
  if (!reply.ok || !reply.bytes) return encodeMessage({ reply }) ?? JSON.stringify({ reply: error })
  const { bytes, ...header } = reply
  const isSmall = bytes.byteLength <= LIMITS.replyBytes && encodeMessage({ reply: header }) !== null
  return isSmall ? encodeBinaryReply(reply, bytes) : JSON.stringify({ reply: error })
}

/**
 * An event as a frame; null for one that is too large. A store that has become too large is told to be in trouble, and a
 * job whose result is too large to have failed: a window would wait for its end.
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
