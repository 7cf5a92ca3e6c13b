import { LIMITS } from '../format/limits.ts'

interface Held {
  bytes: number
}

/** Bytes of the bitmaps of all packages that this thread has open. */
const ofAll: Held = { bytes: 0 }

/** Releases the bytes of packages that are garbage collected without having been closed. */
const forgotten = new FinalizationRegistry<Held>(giveBack)

function giveBack(own: Held): void {
  ofAll.bytes -= own.bytes
  own.bytes = 0
}

export class HeldBitmaps implements Disposable {
  readonly #own: Held = { bytes: 0 }

  constructor() {
    forgotten.register(this, this.#own)
  }

  /** Counts a bitmap before it is read. Returns null, or why it may not be read. */
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
