import { randomUUID } from 'node:crypto'
import { LIMITS } from '../../format/limits.ts'

/** Paths for pages that a browser is about to open. Each ticket is good once; only the newest ones are kept. */
export class WindowTickets {
  readonly #paths = new Map<string, string[]>()

  issue(paths: string[]): string {
    const ticket = randomUUID()
    this.#paths.set(ticket, paths)
    for (const oldest of this.#paths.keys()) if (this.#paths.size > LIMITS.windowTickets) this.#paths.delete(oldest)
    return ticket
  }

  /** Returns the paths of a ticket; none for one that is unknown or was used, as after a reload. */
  take(ticket: string): string[] {
    const paths = this.#paths.get(ticket) ?? []
    this.#paths.delete(ticket)
    return paths
  }
}
