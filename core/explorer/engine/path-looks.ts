import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** A path whose disk takes longer to answer counts as missing. */
const STUCK_AFTER_MS = 1000

/** How long a caller waits for all the paths that it asks for. */
const WAIT_MS = 2 * STUCK_AFTER_MS

/** Answers that are kept: more than there can be recent stores. */
const MOST_ANSWERS = 1000

/**
 * Looks at paths that the user didn't choose just now and that may lie on a disk that doesn't answer, such as a lost
 * network share. Such a look never ends and keeps a thread of Node's pool, which the whole process shares: so there is
 * one look at a time, and no other one while it is stuck.
 */
export class PathLooks {
  /** The last answer for each path, null for nothing that can be looked at. */
  readonly #answers = new Map<string, Stats | null>()
  readonly #waiting = new Set<string>()
  /** Ends when nothing waits any more, or when a look is stuck; undefined where nobody waits for that. */
  #settled: PromiseWithResolvers<void> | undefined
  #isLooking = false
  #isStuck = false

  /** What is known of each path by now: null for a missing one, undefined for one that was never looked at. */
  async look(paths: readonly string[]): Promise<(Stats | null | undefined)[]> {
    if (!this.#isStuck && paths.length > 0) {
      for (const path of paths) this.#waiting.add(path)
      this.#settled ??= Promise.withResolvers()
      const { promise } = this.#settled
      if (!this.#isLooking) void this.#lookAtAll()
      await withinTime(promise, WAIT_MS)
    }
    return paths.map(path => this.#answers.get(path))
  }

  async #lookAtAll(): Promise<void> {
    this.#isLooking = true
    // Iterating sees the paths that are added meanwhile.
    for (const path of this.#waiting) {
      this.#waiting.delete(path)
      await this.#lookAt(path)
    }
    this.#isLooking = false
    this.#settle()
  }

  async #lookAt(path: string): Promise<void> {
    const timer = setTimeout(() => {
      this.#isStuck = true
      this.#note(path, null)
      this.#settle()
    }, STUCK_AFTER_MS)
    const answer = await stat(path).catch(() => null)
    clearTimeout(timer)
    this.#isStuck = false
    this.#note(path, answer)
  }

  #settle(): void {
    this.#settled?.resolve()
    this.#settled = undefined
  }

  #note(path: string, answer: Stats | null): void {
    this.#answers.delete(path)
    this.#answers.set(path, answer)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_ANSWERS) return
      this.#answers.delete(oldest)
    }
  }
}

async function withinTime(promise: Promise<void>, milliseconds: number): Promise<void> {
  const timeout = Promise.withResolvers<void>()
  const timer = setTimeout(timeout.resolve, milliseconds)
  await Promise.race([promise, timeout.promise])
  clearTimeout(timer)
}
