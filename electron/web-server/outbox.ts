import type { WebSocket } from 'ws'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { encodeEvent, encodeReply, encodeTooLarge } from './encode.ts'

/** Returns what an event is about. A newer event about the same replaces one that waits. */
function subjectOf(event: ExplorerEvent): string {
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

function storeOf(event: ExplorerEvent): number | null {
  if (event.type === 'storeChanged') return event.store.id
  return event.type === 'decompressing' ? event.store : null
}

interface LateEvent {
  readonly frame: string
  readonly store: number | null
}

/** Sends to a window in bounded memory: newer events replace waiting ones; a window too far behind is disconnected. */
export class Outbox {
  readonly #socket: WebSocket
  readonly #onSent: () => void
  readonly #windows: ReadonlySet<WebSocket>
  readonly #late = new Map<string, LateEvent>()
  #lateSize = 0

  /** `windows` are the sockets of all windows. `onSent` runs when the amount of waiting data changes. */
  constructor(socket: WebSocket, windows: ReadonlySet<WebSocket>, onSent: () => void) {
    this.#socket = socket
    this.#windows = windows
    this.#onSent = onSent
  }

  /** Whether so much waits for the window that its requests should wait too. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount > LIMITS.heldBytes
  }

  /** Sends a reply, or an error if it is too large. Returns whether it fit. */
  sendReply(reply: Reply): boolean {
    // Check first: encoding costs time, too.
    if (!this.#isTaking()) return true
    const frame = encodeReply(reply)
    this.#send(frame ?? encodeTooLarge(reply.id))
    return frame !== null
  }

  /** Sends an event now or, when the window is behind, later. Leaves out one that can't be encoded. */
  sendEvent(event: ExplorerEvent): void {
    const key = subjectOf(event)
    this.#drop(key)
    const frame = encodeEvent(event)
    if (frame === null) return
    this.#late.set(key, { frame, store: storeOf(event) })
    this.#lateSize += frame.length
    this.#sendLate()
    if (this.#late.size > LIMITS.lateEvents || this.#lateSize > LIMITS.unsentBytes) this.#disconnect()
  }

  /** Drops waiting events of a store that the window has closed. */
  dropEventsOf(store: number): void {
    for (const [key, late] of this.#late) if (late.store === store) this.#drop(key)
  }

  #drop(key: string): void {
    this.#lateSize -= this.#late.get(key)?.frame.length ?? 0
    this.#late.delete(key)
  }

  #sendLate(): void {
    for (const [key, { frame }] of this.#late) {
      if (this.#socket.bufferedAmount > LIMITS.lateBytes || !this.#isTaking()) return
      this.#drop(key)
      this.#send(frame)
    }
  }

  /** Whether the window takes more. Disconnects one that is too far behind. */
  #isTaking(): boolean {
    this.#limitAll()
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    if (this.#socket.bufferedAmount <= LIMITS.unsentBytes) return true
    this.#disconnect()
    return false
  }

  #disconnect(): void {
    this.#late.clear()
    this.#lateSize = 0
    this.#socket.terminate()
  }

  /** Disconnects the window with the most unsent bytes while all together have too many, those that are closing too. */
  #limitAll(): void {
    const windows = [...this.#windows].filter(({ readyState, CLOSED }) => readyState !== CLOSED)
    const unsent = windows.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)
    if (unsent <= LIMITS.allUnsentBytes) return
    windows.reduce((most, window) => (window.bufferedAmount > most.bufferedAmount ? window : most)).terminate()
  }

  #send(frame: string | Uint8Array): void {
    this.#socket.send(frame, () => {
      this.#sendLate()
      this.#onSent()
    })
    this.#onSent()
  }
}
