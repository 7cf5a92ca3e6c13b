import { asNumPackError, type ErrorCode, NumPackError } from '../format/errors.ts'

/** A decompression's state in shared memory: a synchronous read can wait for bytes without an event loop. */

const RUNNING = 0
const DONE = 1
const FAILED = 2

const STATUS = 0
const CHANGES = 1
const ERROR_LENGTH = 2
const REQUESTS = 3

const READY = 0
const WANTED = 1
const TAKEN = 2

const ERROR_BYTES = 4096
/** Interval at which a waiting reader checks that the decompression is alive, in milliseconds. */
const SLICE_MS = 200

export interface SpoolState {
  /** Status, counter of changes, counter of read requests (both for waiting), and bytes of the error. */
  readonly flags: Int32Array
  /** Bytes in the spool, bytes requested, bytes on disk. */
  readonly counts: BigInt64Array
  /** Error as JSON. */
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

export class SpoolWriter {
  readonly #state: SpoolState

  constructor(state: SpoolState) {
    this.#state = state
  }

  advance(bytes: number): void {
    Atomics.store(this.#state.counts, READY, BigInt(bytes))
    changed(this.#state)
  }

  take(bytes: number): void {
    Atomics.add(this.#state.counts, TAKEN, BigInt(bytes))
  }

  isWanted(position: number): boolean {
    return wantedBytes(this.#state) > position
  }

  /** Waits until bytes from `position` on are requested; `check` throws if they are no longer needed. */
  waitFor(position: number, check: () => void): void {
    const { flags } = this.#state
    for (;;) {
      const request = Atomics.load(flags, REQUESTS)
      check()
      if (this.isWanted(position)) return
      Atomics.wait(flags, REQUESTS, request, SLICE_MS)
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

/** Records why the decompression ended. The decompressed bytes are no longer valid. */
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

export const spooledBytes = ({ counts }: SpoolState): number => Number(Atomics.load(counts, READY))

/** Returns the number of bytes that are decompressed without another request. */
export const wantedBytes = ({ counts }: SpoolState): number => Number(Atomics.load(counts, WANTED))

export function wantSpool({ flags, counts }: SpoolState, bytes: number): void {
  if (Number(Atomics.load(counts, WANTED)) >= bytes) return
  Atomics.store(counts, WANTED, BigInt(bytes))
  wakeSpool({ flags })
}

/** Wakes the thread to check whether it is still needed. */
export function wakeSpool({ flags }: Pick<SpoolState, 'flags'>): void {
  Atomics.add(flags, REQUESTS, 1)
  Atomics.notify(flags, REQUESTS)
}

/** Takes over the bytes on disk; the caller must release them. */
export const giveBack = ({ counts }: SpoolState): number => Number(Atomics.exchange(counts, TAKEN, 0n))

export const isSpoolEnded = ({ flags }: SpoolState): boolean => Atomics.load(flags, STATUS) !== RUNNING

const isSpoolFailed = ({ flags }: SpoolState): boolean => Atomics.load(flags, STATUS) === FAILED

/** Waits for the first `bytes` bytes. Throws the error that ended the decompression, or `IO` if its thread died. */
export function waitForSpool(state: SpoolState, bytes: number, hasDied: () => boolean): void {
  for (;;) {
    const tick = Atomics.load(state.flags, CHANGES)
    const ended = isSpoolEnded(state)
    if (spooledBytes(state) >= bytes && !isSpoolFailed(state)) return
    if (ended) throw spoolError(state)
    waitForChange(state, tick, hasDied)
  }
}

/** Waits until the decompression has ended, with or without an error. */
export function waitForEnd(state: SpoolState, hasDied: () => boolean): void {
  for (;;) {
    const tick = Atomics.load(state.flags, CHANGES)
    if (isSpoolEnded(state)) return
    waitForChange(state, tick, hasDied)
  }
}

function waitForChange(state: SpoolState, tick: number, hasDied: () => boolean): void {
  if (Atomics.wait(state.flags, CHANGES, tick, SLICE_MS) === 'timed-out' && hasDied()) failSpool(state, threadDied())
}

export function checkSpool(state: SpoolState): void {
  if (isSpoolFailed(state)) throw spoolError(state)
}

const threadDied = (): NumPackError =>
  new NumPackError('IO', 'The thread that decompressed the package ended early. Open the package again.')

function spoolError({ flags, error }: SpoolState): NumPackError {
  // TextDecoder does not accept shared memory.
  const json = Uint8Array.from(error.subarray(0, Atomics.load(flags, ERROR_LENGTH)))
  const { code, message } = JSON.parse(new TextDecoder().decode(json)) as { code: ErrorCode; message: string }
  return new NumPackError(code, message)
}
