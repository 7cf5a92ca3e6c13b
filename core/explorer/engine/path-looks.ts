import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { DiskCalls } from './disk-calls.ts'

/** Longest wait of a caller, for all of its paths together. */
const WAIT_MS = 2000

/** Number of answers kept: more than there can be recent stores. */
const MOST_ANSWERS = 1000

/**
 * Runs `stat` on paths whose disk may not answer. Such a call keeps a thread of Node's pool, which the whole process
 * shares, so there is one call at a time, and none while one is stuck.
 */
export class PathLooks {
  readonly #answers = new Map<string, Stats | null>()
  readonly #waiting = new Set<string>()
  /** Resolves when no path waits any more, or when a call is stuck; undefined while no caller waits. */
  #settled: PromiseWithResolvers<void> | undefined
  readonly #disks: DiskCalls
  #isLooking = false
  #isStuck = false

  constructor(disks: DiskCalls) {
    this.#disks = disks
  }

  /** Returns what is known of each path: null for a missing one, undefined for one that was never reached. */
  async look(paths: readonly string[]): Promise<(Stats | null | undefined)[]> {
    const reachable = this.#isStuck ? [] : paths.filter(path => this.#disks.canRun(path))
    if (reachable.length > 0) {
      for (const path of reachable) this.#waiting.add(path)
      this.#settled ??= Promise.withResolvers()
      const { promise } = this.#settled
      if (!this.#isLooking) void this.#lookAtAll()
      await withinTime(promise, WAIT_MS)
    }
    return paths.map(path => this.#answers.get(path))
  }

  async #lookAtAll(): Promise<void> {
    this.#isLooking = true
    // A Set's iterator also reaches paths that are added meanwhile.
    for (const path of this.#waiting) {
      this.#waiting.delete(path)
      await this.#lookAt(path)
    }
    this.#isLooking = false
    this.#settle()
  }

  /** Notes a path whose disk doesn't answer as missing, and waits on: the answer may come late. */
  async #lookAt(path: string): Promise<void> {
    if (!this.#disks.canRun(path)) return
    const call = stat(path).catch(() => null)
    const answer = await this.#disks.run(path, () => call)
    if (answer === undefined) {
      this.#isStuck = true
      this.#note(path, null)
      this.#settle()
    }
    this.#note(path, await call)
    this.#isStuck = false
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
