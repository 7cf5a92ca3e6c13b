import type { Duplex } from 'node:stream'
import { LIMITS } from '../../core/format/limits.ts'

/** The connections of a web server. When there are too many, the oldest that serve no window are closed. */
export class Connections {
  /** Connections that sent nothing yet or nothing valid; oldest first. */
  readonly #unknown = new Set<Duplex>()
  /** Connections whose last request was one that only a window sends; oldest first. */
  readonly #known = new Set<Duplex>()
  /** Connections whose request is being answered; oldest first. */
  readonly #answered = new Set<Duplex>()
  readonly #windows = new Set<Duplex>()
  #isMakingRoom = false

  add(socket: Duplex): void {
    this.#unknown.add(socket)
    socket.once('close', () => {
      for (const sockets of this.#all) sockets.delete(socket)
    })
    this.#makeRoomSoon()
  }

  /** Keeps the connection of a window until it ends. */
  keepWindow(socket: Duplex): void {
    this.#move(socket, this.#windows)
  }

  beginAnswer(socket: Duplex): void {
    this.#move(socket, this.#answered)
    this.#makeRoomSoon()
  }

  endAnswer(socket: Duplex): void {
    if (this.#answered.delete(socket)) this.#known.add(socket)
  }

  #move(socket: Duplex, to: Set<Duplex>): void {
    if (socket.destroyed) return
    for (const sockets of this.#all) sockets.delete(socket)
    to.add(socket)
  }

  #makeRoomSoon(): void {
    if (this.#hasRoom || this.#isMakingRoom) return
    this.#isMakingRoom = true
    // Many may arrive at once: the event loop reads the data of the oldest one only in its next turn.
    setImmediate(() => setImmediate(() => this.#makeRoom()))
  }

  destroyAll(): void {
    for (const socket of this.#all.flatMap(sockets => [...sockets])) socket.destroy()
  }

  get #all(): Set<Duplex>[] {
    return [this.#unknown, this.#known, this.#answered, this.#windows]
  }

  get #limited(): [Set<Duplex>, number][] {
    return [
      [this.#unknown, LIMITS.unknownConnections],
      [this.#known, LIMITS.connections],
      [this.#answered, LIMITS.answeredConnections],
    ]
  }

  get #hasRoom(): boolean {
    return this.#limited.every(([sockets, limit]) => sockets.size <= limit)
  }

  #makeRoom(): void {
    this.#isMakingRoom = false
    for (const [sockets, limit] of this.#limited) for (const socket of [...sockets].slice(0, -limit)) socket.destroy()
  }
}
