import type { Duplex } from 'node:stream'
import { LIMITS } from '../../core/format/limits.ts'

/** The connections of a server, of which a bounded number is open: whoever makes many can't keep others out. */
export class Connections {
  /** Those that have said nothing yet, or something that is no use; oldest first. */
  readonly #others = new Set<Duplex>()
  /** Those whose last request was one that only a window makes; oldest first. */
  readonly #known = new Set<Duplex>()
  /** Those that are being answered, and the windows'. */
  readonly #kept = new Set<Duplex>()
  #makesRoom = false

  /** Takes a new connection in; where there are too many, others have to go. */
  add(socket: Duplex): void {
    this.#others.add(socket)
    socket.once('close', () => {
      for (const sockets of this.#all) sockets.delete(socket)
    })
    if (this.#isRoom || this.#makesRoom) return
    this.#makesRoom = true
    // Many may come at once: what the oldest of them has said is read in the next turn of the event loop.
    setImmediate(() => setImmediate(() => this.#makeRoom()))
  }

  /** Keeps a connection that says what only a window knows: until it is released, if ever. */
  keep(socket: Duplex): void {
    if (socket.destroyed) return
    for (const sockets of this.#all) sockets.delete(socket)
    this.#kept.add(socket)
  }

  /** Keeps a connection no longer whatever happens; it is among the last ones to make room. */
  release(socket: Duplex): void {
    if (this.#kept.delete(socket)) this.#known.add(socket)
  }

  /** Ends all of them at once, whatever they are at. */
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
