import type { WebSocket } from 'ws'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { encodeEvent, encodeReply } from './encode.ts'

/** What an event is about: of two about the same thing a window needs only the later one. */
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
 * What is sent to a window, in bounded memory whatever the window reads: events wait while it is behind, the later one in
 * place of the earlier one about the same thing, and a window that is too far behind is disconnected.
 */
export class Outbox {
  readonly #socket: WebSocket
  readonly #onSent: () => void
  readonly #late = new Map<string, ExplorerEvent>()

  /** `onSent` is called when there is more or less to send than before. */
  constructor(socket: WebSocket, onSent: () => void) {
    this.#socket = socket
    this.#onSent = onSent
  }

  /** Whether the window has so much to take that its requests should wait. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount > LIMITS.heldBytes
  }

  reply(reply: Reply): void {
    // Encoding is work, too.
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

  /** Whether the window is there and not too far behind; one that is gets disconnected. */
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
