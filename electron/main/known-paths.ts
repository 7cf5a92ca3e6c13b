import type { ExplorerEvent } from '../../core/explorer/contract/types.ts'
import { NumPackError } from '../../core/format/errors.ts'
import { LIMITS } from '../../core/format/limits.ts'

/** Paths that the file manager may show. The page must not choose: on Windows a `\\host\share` path logs in there. */
export class KnownPaths {
  readonly #openPaths: () => readonly string[]
  /** Results of jobs, oldest first. */
  readonly #results = new Set<string>()

  constructor(openPaths: () => readonly string[]) {
    this.#openPaths = openPaths
  }

  onEvent(event: ExplorerEvent): void {
    if (event.type !== 'taskChanged' || event.task.result === null) return
    this.#results.add(event.task.result.path)
    const [oldest] = this.#results
    if (this.#results.size > LIMITS.knownResults && oldest !== undefined) this.#results.delete(oldest)
  }

  /** Throws `ARGUMENT` for an unknown path. */
  check(path: string): void {
    if (this.#results.has(path) || this.#openPaths().includes(path)) return
    throw new NumPackError('ARGUMENT', 'Only open stores, open packages and results of jobs can be shown.')
  }
}
