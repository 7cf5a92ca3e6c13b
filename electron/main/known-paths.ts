import type { ExplorerEvent } from '../../core/explorer/contract/types.ts'
import { NumPackError } from '../../core/format/errors.ts'
import { LIMITS } from '../../core/format/limits.ts'

/**
 * The paths that the system's file manager may be asked to show: stores and packages that are open, and what jobs made.
 * Any other would be the page's own: on Windows, looking at a path of a foreign machine (`\\host\share`) logs in there.
 */
export class KnownPaths {
  readonly #open = new Map<number, string>()
  /** The oldest first. */
  readonly #made = new Set<string>()

  opened(store: number, path: string): void {
    this.#open.set(store, path)
  }

  closed(store: number): void {
    this.#open.delete(store)
  }

  /** Takes note of what a job made. */
  heard(event: ExplorerEvent): void {
    if (event.type !== 'taskChanged' || event.task.result === null) return
    this.#made.add(event.task.result.path)
    const [oldest] = this.#made
    if (this.#made.size > LIMITS.knownResults && oldest !== undefined) this.#made.delete(oldest)
  }

  /** Throws `ARGUMENT` for a path that is not known. */
  check(path: string): void {
    if (this.#made.has(path) || [...this.#open.values()].includes(path)) return
    throw new NumPackError('ARGUMENT', 'Only stores and packages that are open, and what jobs made, can be shown.')
  }
}
