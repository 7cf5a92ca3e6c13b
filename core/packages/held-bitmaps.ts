import { LIMITS } from '../format/limits.ts'

interface Held {
  bytes: number
}

/** The bitmaps of all packages that this thread has open. */
const ofAll: Held = { bytes: 0 }

/** Gives back what packages held that were forgotten without being closed. */
const forgotten = new FinalizationRegistry<Held>(giveBack)

function giveBack(own: Held): void {
  ofAll.bytes -= own.bytes
  own.bytes = 0
}

/** Counts what the bitmaps of an open package take in memory, until it is closed. */
export class HeldBitmaps implements Disposable {
  readonly #own: Held = { bytes: 0 }

  constructor() {
    forgotten.register(this, this.#own)
  }

  /** Counts a bitmap that is about to be read. Returns why it can't be, and counts nothing then, or null. */
  hold(bytes: number): string | null {
    if (this.#own.bytes + bytes > LIMITS.bitmapBytes) {
      return `the deletion bitmaps of a package take ${LIMITS.bitmapBytes} bytes at most, and this one is too much`
    }
    if (ofAll.bytes + bytes > LIMITS.openBitmapBytes) {
      return `the deletion bitmaps of all open packages take ${LIMITS.openBitmapBytes} bytes at most, and this one is too much; close other packages, then open this one again`
    }
    ofAll.bytes += bytes
    this.#own.bytes += bytes
    return null
  }

  [Symbol.dispose](): void {
    giveBack(this.#own)
  }
}
