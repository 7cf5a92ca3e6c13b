import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { aborted } from '../../system/progress.ts'
import type { ByteWait } from './open-source.ts'

interface ReadyBytes {
  readonly ready: number
  readonly total: number
}

interface DecompressionsOptions {
  /** Returns how much of an array is decompressed, and starts nothing. Throws why the array can't be read. */
  readyBytes: (array: string) => ReadyBytes
  /** Requests the first `bytes` bytes of an array. Throws `NOT_READY` before they can be requested, or why they can't be read. */
  request: (array: string, bytes: number) => void
  /** Returns a lease: what is decompressed of the array is kept until the lease is disposed. */
  lease: (array: string) => Disposable
  onProgress: (array: string, ready: ReadyBytes) => void
  onReadable: (array: string) => void
}

/** Reads of one array that threw `NOT_READY` and wait to be repeated. */
interface WaitingReads {
  /** The fewest bytes that one of them needs; null while they are repeated. */
  bytes: number | null
  readonly lease: Disposable
  /** Runs from the first read on that found no room. */
  patience: NodeJS.Timeout | undefined
  isOver: boolean
}

interface Waiting {
  readonly array: string
  readonly bytes: number
  readonly onProgress: (bytesReady: number) => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Decompressions {
  readonly #options: DecompressionsOptions
  /** Arrays that are being decompressed, and the bytes ready at the last progress; -1 before the first. */
  readonly #followed = new Map<string, number>()
  readonly #reads = new Map<string, WaitingReads>()
  readonly #waiting = new Set<Waiting>()

  constructor(options: DecompressionsOptions) {
    this.#options = options
  }

  follow(array: string): void {
    const { ready, total } = this.#readyBytes(array)
    if (ready < total && !this.#followed.has(array)) this.#followed.set(array, -1)
  }

  /**
   * Notes what a read that threw `NOT_READY` needs, and keeps it until `endReads`. `onReadable` is called once, when it
   * is there. Throws the cause, `NO_SPACE`, when reads of the array have waited too long for room.
   */
  noteRead(array: string, { details, cause }: NumPackError): void {
    const reads = this.#reads.get(array) ?? this.#newReads(array)
    if (cause instanceof NumPackError) {
      if (reads.isOver) throw cause
      reads.patience ??= setTimeout(() => {
        reads.isOver = true
        this.#repeat(array, reads)
      }, LIMITS.roomMilliseconds).unref()
    }
    reads.bytes = Math.min(Number(details['bytes']), reads.bytes ?? Infinity)
  }

  /** Notes that no read waits for an array any more. */
  endReads(array: string): void {
    const reads = this.#reads.get(array)
    if (reads === undefined) return
    this.#reads.delete(array)
    clearTimeout(reads.patience)
    reads.lease[Symbol.dispose]()
  }

  whenReadable(array: string, bytes: number, { signal, onProgress }: ByteWait): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw aborted()
      const waiting: Waiting = { array, bytes, onProgress, resolve, reject }
      this.#waiting.add(waiting)
      signal.addEventListener('abort', () => {
        if (this.#waiting.delete(waiting)) reject(aborted())
      })
      this.#check(waiting)
    })
  }

  update(): void {
    for (const [array, sent] of this.#followed) {
      const ready = this.#readyBytes(array)
      if (ready.ready === ready.total) this.#followed.delete(array)
      else this.#followed.set(array, ready.ready)
      if (ready.ready !== sent) this.#options.onProgress(array, ready)
    }
    for (const [array, reads] of this.#reads) {
      if (reads.bytes !== null && this.#isReady(array, reads.bytes)) this.#repeat(array, reads)
    }
    for (const waiting of this.#waiting) this.#check(waiting)
  }

  /** Ends all waiting: reads are tried again, and then fail as those of a closed package do. */
  close(): void {
    for (const [array, reads] of this.#reads) this.#repeat(array, reads)
    for (const array of this.#reads.keys()) this.endReads(array)
    this.update()
  }

  #newReads(array: string): WaitingReads {
    const reads: WaitingReads = { bytes: null, lease: this.#options.lease(array), patience: undefined, isOver: false }
    this.#reads.set(array, reads)
    return reads
  }

  /** Has reads repeated, unless they already are. */
  #repeat(array: string, reads: WaitingReads): void {
    if (reads.bytes === null) return
    reads.bytes = null
    this.#options.onReadable(array)
  }

  #check(waiting: Waiting): void {
    const { array, bytes, onProgress, resolve, reject } = waiting
    try {
      const ready = this.#request(array, bytes)
      if (ready < bytes) return onProgress(ready)
      this.#waiting.delete(waiting)
      resolve()
    } catch (error) {
      if (error instanceof NumPackError && error.code === 'NOT_READY') return
      this.#waiting.delete(waiting)
      reject(error)
    }
  }

  #isReady(array: string, bytes: number): boolean {
    try {
      return this.#request(array, bytes) >= bytes
    } catch (error) {
      return !(error instanceof NumPackError && error.code === 'NOT_READY')
    }
  }

  /** Requests the first `bytes` bytes, and returns how many bytes are ready. */
  #request(array: string, bytes: number): number {
    this.#options.request(array, bytes)
    this.follow(array)
    return this.#options.readyBytes(array).ready
  }

  /** A failed decompression counts as complete; a read throws its error. */
  #readyBytes(array: string): ReadyBytes {
    try {
      return this.#options.readyBytes(array)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      return { ready: 0, total: 0 }
    }
  }
}
