import { asNumPackError, type ErrorCode, NumPackError } from '../format/errors.ts'

/**
 * How far an entry is decompressed, in memory that the thread that does it shares with those that read: a reader can
 * wait for bytes without an event loop, as a synchronous read has to.
 */

const RUNNING = 0
const DONE = 1
const FAILED = 2

const STATUS = 0
const CHANGES = 1
const ERROR_LENGTH = 2
const WISHES = 3

const READY = 0
const WANTED = 1
const TAKEN = 2

const ERROR_BYTES = 4096
/** How often who waits sees to it that there still is something to wait for. */
const SLICE_MS = 200

/** The shared memory. */
export interface SpoolState {
  /** Status; a number that grows with every change, and one that grows with every wish, for waiting; bytes of the error. */
  readonly flags: Int32Array
  /** Bytes that are in the spool; bytes that are to be; bytes that they take on the disk. */
  readonly counts: BigInt64Array
  /** The error as JSON. */
  readonly error: Uint8Array
}

export const newSpoolState = (): SpoolState => ({
  flags: new Int32Array(new SharedArrayBuffer(16)),
  counts: new BigInt64Array(new SharedArrayBuffer(24)),
  error: new Uint8Array(new SharedArrayBuffer(ERROR_BYTES)),
})

const changed = ({ flags }: SpoolState): void => {
  Atomics.add(flags, CHANGES, 1)
  Atomics.notify(flags, CHANGES)
}

/** The side that decompresses. */
export class SpoolWriter {
  readonly #state: SpoolState

  constructor(state: SpoolState) {
    this.#state = state
  }

  /** The first `bytes` bytes are there. */
  advance(bytes: number): void {
    Atomics.store(this.#state.counts, READY, BigInt(bytes))
    changed(this.#state)
  }

  /** So many more bytes take space. */
  take(bytes: number): void {
    Atomics.add(this.#state.counts, TAKEN, BigInt(bytes))
  }

  /** Waits until bytes from `position` on are wanted; `check` throws when they won't be. */
  waitFor(position: number, check: () => void): void {
    const { flags, counts } = this.#state
    for (;;) {
      const wish = Atomics.load(flags, WISHES)
      check()
      if (Number(Atomics.load(counts, WANTED)) > position) return
      Atomics.wait(flags, WISHES, wish, SLICE_MS)
    }
  }

  finish(): void {
    Atomics.store(this.#state.flags, STATUS, DONE)
    changed(this.#state)
  }

  fail(error: unknown): void {
    failSpool(this.#state, error)
  }
}

/** Notes why nothing more will come. What was decompressed does not count any more. */
export function failSpool(state: SpoolState, error: unknown): void {
  if (isSpoolEnded(state)) return
  const { code, message } = asNumPackError(error)
  const json = new TextEncoder().encode(JSON.stringify({ code, message: message.slice(0, 600) }))
  state.error.set(json)
  Atomics.store(state.counts, READY, 0n)
  Atomics.store(state.flags, ERROR_LENGTH, json.length)
  Atomics.store(state.flags, STATUS, FAILED)
  changed(state)
}

/** Bytes that can be read now. */
export const spooledBytes = ({ counts }: SpoolState): number => Number(Atomics.load(counts, READY))

/** Bytes that are decompressed without another wish. */
export const wantedBytes = ({ counts }: SpoolState): number => Number(Atomics.load(counts, WANTED))

/** Has the first `bytes` bytes decompressed. */
export function wantSpool({ flags, counts }: SpoolState, bytes: number): void {
  if (Number(Atomics.load(counts, WANTED)) >= bytes) return
  Atomics.store(counts, WANTED, BigInt(bytes))
  wakeSpool({ flags })
}

/** Has the thread look whether it is still wanted. */
export function wakeSpool({ flags }: Pick<SpoolState, 'flags'>): void {
  Atomics.add(flags, WISHES, 1)
  Atomics.notify(flags, WISHES)
}

/** Bytes of the disk that were taken; they are the caller's to give back. */
export const giveBack = ({ counts }: SpoolState): number => Number(Atomics.exchange(counts, TAKEN, 0n))

/** Whether nothing more will come. */
export const isSpoolEnded = ({ flags }: SpoolState): boolean => Atomics.load(flags, STATUS) !== RUNNING

/** Whether the decompression ended with an error. */
const isSpoolFailed = ({ flags }: SpoolState): boolean => Atomics.load(flags, STATUS) === FAILED

/**
 * Waits until the first `bytes` bytes are there. Throws the error that the decompression ended with, also when its
 * thread died, which `hasDied` tells.
 */
export function waitForSpool(state: SpoolState, bytes: number, hasDied: () => boolean): void {
  for (;;) {
    const tick = Atomics.load(state.flags, CHANGES)
    const ended = isSpoolEnded(state)
    if (spooledBytes(state) >= bytes && !isSpoolFailed(state)) return
    if (ended) throw spoolError(state)
    if (Atomics.wait(state.flags, CHANGES, tick, SLICE_MS) === 'timed-out' && hasDied()) failSpool(state, threadDied())
  }
}

/** Throws the error that the decompression ended with, if it did. */
export function checkSpool(state: SpoolState): void {
  if (isSpoolFailed(state)) throw spoolError(state)
}

const threadDied = (): NumPackError =>
  new NumPackError('IO', 'The thread that decompressed the package ended early. Open the package again.')

function spoolError({ flags, error }: SpoolState): NumPackError {
  // TextDecoder reads no shared memory.
  const json = Uint8Array.from(error.subarray(0, Atomics.load(flags, ERROR_LENGTH)))
  const { code, message } = JSON.parse(new TextDecoder().decode(json)) as { code: ErrorCode; message: string }
  return new NumPackError(code, message)
}
