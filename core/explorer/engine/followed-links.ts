import { LIMITS } from '../../format/limits.ts'
import type { Recents } from '../../database/recents.ts'

const PREFERENCE = 'followedLinks'

/** Paths of the stores whose symbolic links the user allowed to be followed, kept as a preference. */
export class FollowedLinks {
  readonly #recents: Recents

  constructor(recents: Recents) {
    this.#recents = recents
  }

  has(path: string): boolean {
    return this.#paths.includes(path)
  }

  /** Drops the stores that were allowed first when the list is too long for a preference. */
  set(path: string, follows: boolean): void {
    const others = this.#paths.filter(other => other !== path)
    const paths = follows ? [path, ...others] : others
    while (Buffer.byteLength(JSON.stringify(paths)) > LIMITS.preferenceBytes) paths.pop()
    this.#recents.setPreference(PREFERENCE, paths)
  }

  get #paths(): string[] {
    const kept = this.#recents.preferences()[PREFERENCE]
    return Array.isArray(kept) ? kept.filter(path => typeof path === 'string') : []
  }
}
