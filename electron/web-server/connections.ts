import type { Duplex } from 'node:stream'
import { LIMITS } from '../../core/format/limits.ts'

export class Connections {
  /** Connections that sent nothing yet or nothing valid; oldest first. */
  readonly #others = new Set<Duplex>()
  /** Connections whose last request was one that only a window sends; oldest first. */
  readonly #known = new Set<Duplex>()
  readonly #kept = new Set<Duplex>()
  #makesRoom = false

  add(socket: Duplex): void {
    this.#others.add(socket)
    socket.once('close', () => {
      for (const sockets of this.#all) sockets.delete(socket)
    })
    if (this.#isRoom || this.#makesRoom) return
    this.#makesRoom = true
    // Many may arrive at once: the event loop reads the data of the oldest one only in its next turn.
    setImmediate(() => setImmediate(() => this.#makeRoom()))
  }

  keep(socket: Duplex): void {
    if (socket.destroyed) return
    for (const sockets of this.#all) sockets.delete(socket)
    this.#kept.add(socket)
  }

  release(socket: Duplex): void {
    if (this.#kept.delete(socket)) this.#known.add(socket)
  }

  destroyAll(): void {
    for (const socket of this.#all.flatMap(sockets => [...sockets])) socket.destroy()
  }

  get #all(): Set<Duplex>[] {
    return [this.#others, this.#known, this.#kept]
  }

  get #isRoom(): boolean {
    return this.#others.size <= LIMITS.unknownConnections && this.#known.size <= LIMITS.connections
  }

  #makeRoom(): void {
    this.#makesRoom = false
    for (const socket of [...this.#others].slice(0, -LIMITS.unknownConnections)) socket.destroy()
    for (const socket of [...this.#known].slice(0, -LIMITS.connections)) socket.destroy()
  }
}
