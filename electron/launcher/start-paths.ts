import type { Result } from '../../core/explorer/contract/types.ts'
import type { ExplorerHost } from '../../core/explorer/host/host.ts'
import type { HostEvent } from '../../core/explorer/host/host-events.ts'

/** Keeps the stores of the command line open until a window opens them, so that each is opened once. */
export class StartPaths {
  readonly #host: ExplorerHost
  readonly #connection: ReturnType<ExplorerHost['connect']>
  /** Ids of stores that no window has opened yet. */
  readonly #kept = new Set<number>()
  #isOpening = false

  constructor(host: ExplorerHost) {
    this.#host = host
    this.#connection = this.#host.connect(() => {})
  }

  /** Opens stores and packages. Resolves with one sentence for each that can't be opened. */
  async open(paths: readonly string[]): Promise<string[]> {
    const problems: string[] = []
    this.#isOpening = true
    for (const [id, path] of paths.entries()) {
      const reply = await this.#connection.request({ id, method: 'openStore', params: { path } })
      if (reply.ok) this.#kept.add((reply.result as Result<'openStore'>).store.id)
      else problems.push(reply.error.message)
    }
    this.#isOpening = false
    return problems
  }

  onHostEvent(event: HostEvent): void {
    // No window is connected while `open` runs: a second event of a store then means that its path was given twice.
    if (this.#isOpening || event.type !== 'storeOpened' || !this.#kept.delete(event.store)) return
    this.#connection.closeStore(event.store)
  }
}
