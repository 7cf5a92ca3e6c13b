import { encodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Reply, Task } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { mayFitAsJson } from './json-length.ts'

const TOO_LARGE = {
  code: 'ARGUMENT',
  message: `The answer is too large to be shown: more than ${LIMITS.replyBytes / 2 ** 20} MiB.`,
  details: { limit: LIMITS.replyBytes },
} as const

function encodeMessage(message: HostMessage): string | null {
  try {
    // Texts of control characters take six times their length: far too much is not even written.
    if (!mayFitAsJson(message, LIMITS.replyBytes)) return null
    const text = JSON.stringify(message)
    return text.length > LIMITS.replyBytes ? null : text
  } catch (error) {
    // Longer than any string, or nested deeper than the stack.
    if (error instanceof RangeError) return null
    throw error
  }
}

export const encodeTooLarge = (id: number): string => JSON.stringify({ reply: { id, ok: false, error: TOO_LARGE } })

/** Encodes a reply as a frame; null when it is too large. */
export function encodeReply(reply: Reply): string | Uint8Array | null {
  if (!reply.ok || !reply.bytes) return encodeMessage({ reply })
  const { bytes, ...header } = reply
  const isSmall = bytes.byteLength <= LIMITS.replyBytes && encodeMessage({ reply: header }) !== null
  return isSmall ? encodeBinaryReply(reply, bytes) : null
}

/** Frames of events that are being sent, because several windows get the same event. */
const frames = new WeakMap<ExplorerEvent, string | null>()

/** Encodes an event; null when too large. A store or job that is too large becomes a problem or a failure instead. */
export function encodeEvent(event: ExplorerEvent): string | null {
  const known = frames.get(event)
  if (known !== undefined) return known
  const frame = encodeNewEvent(event)
  frames.set(event, frame)
  return frame
}

function encodeNewEvent(event: ExplorerEvent): string | null {
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
