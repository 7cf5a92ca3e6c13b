import { isErrno } from './io-error.ts'
import { sleep } from './sleep.ts'

/** Milliseconds between attempts: in all, as long as a virus scanner or an indexer looks at a new file. */
const PAUSES = [5, 10, 20, 40, 80, 160, 320, 640]

/** Errors of a name that another program uses for a moment. On Windows, missing permissions have the same codes. */
const REFUSED_FOR_A_MOMENT =
  process.platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY'] : ['EBUSY', 'ETXTBSY']

/** The pauses that calls make together, so that a thousand files that others have open don't take a second each. */
export class Patience {
  readonly #renewMs: number
  #pauses = [...PAUSES]
  #last = -Infinity

  /** `renewMs`: milliseconds without an attempt after which all attempts are available again; by default never. */
  constructor(renewMs = Infinity) {
    this.#renewMs = renewMs
  }

  /** Returns the milliseconds until the next attempt, undefined after the last one. */
  next(): number | undefined {
    const now = performance.now()
    if (now - this.#last >= this.#renewMs) this.#pauses = [...PAUSES]
    const pause = this.#pauses.shift()
    if (pause !== undefined) this.#last = now
    return pause
  }
}

/** Opens, renames or removes, and tries again for about a second while another program uses the name. */
export function insist<T>(work: () => T, patience = new Patience()): T {
  for (;;) {
    try {
      return work()
    } catch (error) {
      const pause = isErrno(error, ...REFUSED_FOR_A_MOMENT) ? patience.next() : undefined
      if (pause === undefined) throw error
      sleep(pause)
    }
  }
}
