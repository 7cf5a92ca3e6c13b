import type { Duplex } from 'node:stream'
import { LIMITS } from '../../core/format/limits.ts'

/** The connections of a web server. When there are too many, the oldest that serve no window are closed. */
export class Connections {
  /** Connections that sent nothing yet or nothing valid; oldest first. */
  readonly #unknown = new Set<Duplex>()
  /** Connections whose last request was one that only a window sends; oldest first. */
  readonly #known = new Set<Duplex>()
  /** Connections that serve a window now: never closed to make room. */
  readonly #kept = new Set<Duplex>()
  #isMakingRoom = false

  add(socket: Duplex): void {
    this.#unknown.add(socket)
    socket.once('close', () => {
      for (const sockets of this.#all) sockets.delete(socket)
    })
    if (this.#hasRoom || this.#isMakingRoom) return
    this.#isMakingRoom = true
    // Many may arrive at once: the event loop reads the data of the oldest one only in its next turn.
    setImmediate(() => setImmediate(() => this.#makeRoom()))
  }

  /** Protects a connection while it serves a window. */
  keep(socket: Duplex): void {
    if (socket.destroyed) return
    for (const sockets of this.#all) sockets.delete(socket)
    this.#kept.add(socket)
  }

  /** Ends the protection: the connection stays open as long as there is room. */
  release(socket: Duplex): void {
    if (this.#kept.delete(socket)) this.#known.add(socket)
  }

  destroyAll(): void {
    for (const socket of this.#all.flatMap(sockets => [...sockets])) socket.destroy()
  }

  get #all(): Set<Duplex>[] {
    return [this.#unknown, this.#known, this.#kept]
  }

  get #hasRoom(): boolean {
    return this.#unknown.size <= LIMITS.unknownConnections && this.#known.size <= LIMITS.connections
  }

  #makeRoom(): void {
    this.#isMakingRoom = false
    for (const socket of [...this.#unknown].slice(0, -LIMITS.unknownConnections)) socket.destroy()
    for (const socket of [...this.#known].slice(0, -LIMITS.connections)) socket.destroy()
  }
}
