import type { Duplex } from 'node:stream'
import { LIMITS } from '../../core/format/limits.ts'

/** The connections of a server, of which a bounded number is open: whoever keeps many can't keep others out. */
export class Connections {
  /** Oldest first. */
  readonly #open = new Set<Duplex>()
  readonly #windows = new Set<Duplex>()

  /** Takes a new connection in; where there are too many, the oldest that is no window's has to go. */
  add(socket: Duplex): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#windows.delete(socket)
    })
    const [oldest] = this.#open
    if (this.#open.size > LIMITS.connections) oldest?.destroy()
  }

  /** Keeps a connection, which is a window's from now on. */
  keep(socket: Duplex): void {
    this.#open.delete(socket)
    this.#windows.add(socket)
  }

  /** Ends all of them at once, whatever they are at. */
  destroyAll(): void {
    for (const socket of [...this.#open, ...this.#windows]) socket.destroy()
  }
}
