import type { WebSocket } from 'ws'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { encodeEvent, encodeReply } from './encode.ts'

/** Returns what an event is about: of two events about the same subject a window needs only the later one. */
function subject(event: ExplorerEvent): string {
  switch (event.type) {
    case 'storeChanged':
      return `store ${event.store.id}`
    case 'decompressing':
      return `decompressing ${event.store} ${event.array}`
    case 'taskChanged':
      return `task ${event.task.id}`
    case 'jobDismissed':
      return `task ${event.job}`
    case 'openFiles':
      return event.type
    default:
      return JSON.stringify(event)
  }
}

/**
 * Sends to a window in bounded memory, whatever the window reads. While it is behind, events wait, and a later one
 * replaces an earlier one on the same subject; a window too far behind is disconnected.
 */
export class Outbox {
  readonly #socket: WebSocket
  readonly #onSent: () => void
  readonly #late = new Map<string, ExplorerEvent>()

  /** `onSent` runs when the amount of waiting data changes. */
  constructor(socket: WebSocket, onSent: () => void) {
    this.#socket = socket
    this.#onSent = onSent
  }

  /** Whether so much waits for the window that its requests should wait too. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount > LIMITS.heldBytes
  }

  reply(reply: Reply): void {
    // Check first: encoding costs time, too.
    if (this.#isTaking()) this.#send(encodeReply(reply))
  }

  event(event: ExplorerEvent): void {
    const key = subject(event)
    this.#late.delete(key)
    this.#late.set(key, event)
    if (this.#late.size > LIMITS.lateEvents) this.#socket.terminate()
    this.#sendLate()
  }

  #sendLate(): void {
    for (const [key, event] of this.#late) {
      if (this.#socket.bufferedAmount > LIMITS.lateBytes || !this.#isTaking()) return
      this.#late.delete(key)
      const frame = encodeEvent(event)
      if (frame !== null) this.#send(frame)
    }
  }

  /** Whether the window is connected and not too far behind. Disconnects one that is too far behind. */
  #isTaking(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    if (this.#socket.bufferedAmount <= LIMITS.unsentBytes) return true
    this.#socket.terminate()
    return false
  }

  #send(frame: string | Uint8Array): void {
    this.#socket.send(frame, () => {
      this.#sendLate()
      this.#onSent()
    })
    this.#onSent()
  }
}
