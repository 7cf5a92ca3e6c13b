import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { METADATA_FILE } from '../../format/names.ts'
import { possiblePaths } from '../../system/given-path.ts'

/** A disk counts as one that doesn't answer when a call takes longer than this. */
const STUCK_AFTER_MS = 1000

/** As above, for a path that the user chose: most disks that sleep wake up within this time. */
const CHOSEN_STUCK_AFTER_MS = 5000

/** Stuck calls above which no more calls are made. Each keeps one of the four threads of Node's pool for good. */
const MOST_STUCK = 3

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Calls to disks that may not answer, such as a lost network share. Make one at a time; none where one is stuck. */
export class DiskCalls {
  readonly #stuck: string[] = []

  /** Whether `run` makes a call for a path, instead of resolving with undefined at once. */
  canRun(path: string): boolean {
    return this.#canRun(path, 1)
  }

  /** Resolves with undefined if the disk doesn't answer. Leaves a thread for paths that the user chooses. */
  async run<T>(path: string, call: () => Promise<T>): Promise<T | undefined> {
    return this.#run(path, call, STUCK_AFTER_MS, 1)
  }

  async #run<T>(path: string, call: () => Promise<T>, milliseconds: number, spare: number): Promise<T | undefined> {
    if (!this.#canRun(path, spare)) return undefined
    const timeout = Promise.withResolvers<undefined>()
    const returned = call()
    const timer = setTimeout(() => {
      this.#noteStuck(path, returned)
      timeout.resolve(undefined)
    }, milliseconds)
    try {
      return await Promise.race([returned, timeout.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * As `run`, but throws IO if the disk doesn't answer, or if too many others don't. `isChosen`: the user has just chosen
   * the path.
   */
  async expect<T>(path: string, call: () => Promise<T>, isChosen = true): Promise<T> {
    const [milliseconds, spare] = isChosen ? [CHOSEN_STUCK_AFTER_MS, 0] : [STUCK_AFTER_MS, 1]
    if (!this.#hasRoom(spare)) {
      const message = `Can't open ${path}: ${this.#stuck.length} calls to disks that don't answer still wait. See to those disks, or start the program again.`
      throw new NumPackError('IO', message, { path })
    }
    const answer = await this.#run(path, async () => ({ value: await call() }), milliseconds, spare)
    if (answer !== undefined) return answer.value
    throw new NumPackError('IO', `Can't open ${path}: its disk doesn't answer. See to that disk and try again.`, {
      path,
    })
  }

  #canRun(path: string, spare: number): boolean {
    return this.#hasRoom(spare) && !this.#stuck.some(stuck => isWithin(path, stuck))
  }

  /** Whether so few calls are stuck that another one may be: `spare` threads are left beyond that. */
  #hasRoom(spare: number): boolean {
    return this.#stuck.length + spare < MOST_STUCK
  }

  #noteStuck(path: string, call: Promise<unknown>): void {
    this.#stuck.push(path)
    const forget = (): void => void this.#stuck.splice(this.#stuck.indexOf(path), 1)
    call.then(forget, forget)
  }
}

/** Returns null for a missing file, undefined if the disk doesn't answer. */
export const lookAt = async (path: string, disks: DiskCalls): Promise<Stats | null | undefined> =>
  disks.run(path, async () => stat(path).catch(() => null))

/** Returns the folders that are stores if they have metadata, which may be a link. */
const possibleStores = (path: string, found: Stats): string[] =>
  found.isDirectory() ? [path] : [dirname(path), dirname(dirname(path))]

/** Throws IO unless there is an answer, whatever it is, at each path that a user may have meant, and for its store. */
export async function expectAnswers(given: string, disks: DiskCalls, isChosen = true): Promise<void> {
  const expectAnswer = async (path: string): Promise<Stats | null> =>
    disks.expect(path, async () => stat(path).catch(() => null), isChosen)
  for (const path of possiblePaths(given)) {
    const found = await expectAnswer(path)
    if (found !== null)
      for (const folder of possibleStores(path, found)) await expectAnswer(join(folder, METADATA_FILE))
  }
}
