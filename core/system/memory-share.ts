import { LIMITS } from '../format/limits.ts'

/** Bytes of one kind that all open stores and packages of this thread hold together. */
class MemoryBudget {
  readonly limit: number
  held = 0

  constructor(limit: number) {
    this.limit = limit
  }
}

export const bitmapBudget = new MemoryBudget(LIMITS.openBitmapBytes)
export const writeLogBudget = new MemoryBudget(LIMITS.openWriteLogBytes)

interface Held {
  readonly budget: MemoryBudget
  bytes: number
}

/** Releases the bytes of stores and packages that are garbage collected without having been closed. */
const forgotten = new FinalizationRegistry<Held>(held => setBytes(held, 0))

function setBytes(held: Held, bytes: number): void {
  held.budget.held += bytes - held.bytes
  held.bytes = bytes
}

/** What one open store or package holds of a budget. */
export class MemoryShare implements Disposable {
  readonly #held: Held

  constructor(budget: MemoryBudget) {
    this.#held = { budget, bytes: 0 }
    forgotten.register(this, this.#held)
  }

  get bytes(): number {
    return this.#held.bytes
  }

  set bytes(bytes: number) {
    setBytes(this.#held, bytes)
  }

  /** Whether this share may have that many bytes beside those of all others. */
  fits(bytes: number): boolean {
    const { budget } = this.#held
    return budget.held - this.bytes + bytes <= budget.limit
  }

  [Symbol.dispose](): void {
    this.bytes = 0
  }
}

/** Why a bitmap is not read that doesn't fit. */
export const TOO_MANY_BITMAPS = `the deletion bitmaps of all open stores and packages take ${bitmapBudget.limit} bytes at most, and this one is too much; close other stores or packages, then open this one again`

/** Why the arrays of a store are not read whose write log doesn't fit. */
export const TOO_MANY_WRITE_LOGS = `the unfinished writes of all open stores take ${writeLogBudget.limit} bytes at most, and those of this store are too much; close other stores, then open this one again`
