import { asNumPackError, type ErrorCode, NumPackError } from '../format/errors.ts'

/**
 * How far an entry is decompressed, in memory that the thread that does it shares with those that read: a reader can
 * wait for bytes without an event loop, as a synchronous read has to.
 */

const RUNNING = 0
const DONE = 1
const FAILED = 2

const ERROR_BYTES = 4096

/** The shared memory. */
export interface SpoolState {
  /** [0] running, done or failed; [1] grows with every change, for waiting; [2] bytes of the error. */
  readonly flags: Int32Array
  /** [0] bytes that are in the spool. */
  readonly counts: BigInt64Array
  /** The error as JSON. */
  readonly error: Uint8Array
}

export const newSpoolState = (): SpoolState => ({
  flags: new Int32Array(new SharedArrayBuffer(12)),
  counts: new BigInt64Array(new SharedArrayBuffer(8)),
  error: new Uint8Array(new SharedArrayBuffer(ERROR_BYTES)),
})

const changed = ({ flags }: SpoolState): void => {
  Atomics.add(flags, 1, 1)
  Atomics.notify(flags, 1)
}

/** The side that decompresses. */
export class SpoolWriter {
  readonly #state: SpoolState

  constructor(state: SpoolState) {
    this.#state = state
  }

  /** The first `bytes` bytes are there. */
  advance(bytes: number): void {
    Atomics.store(this.#state.counts, 0, BigInt(bytes))
    changed(this.#state)
  }

  finish(): void {
    Atomics.store(this.#state.flags, 0, DONE)
    changed(this.#state)
  }

  fail(error: unknown): void {
    const { code, message } = asNumPackError(error)
    const json = new TextEncoder().encode(JSON.stringify({ code, message: message.slice(0, 1000) }))
    this.#state.error.set(json)
    Atomics.store(this.#state.flags, 2, json.length)
    Atomics.store(this.#state.flags, 0, FAILED)
    changed(this.#state)
  }
}

/** Bytes that can be read now. */
export const spooledBytes = ({ counts }: SpoolState): number => Number(Atomics.load(counts, 0))

/** Whether nothing more will come. */
export const isSpoolEnded = ({ flags }: SpoolState): boolean => Atomics.load(flags, 0) !== RUNNING

/** Waits until the first `bytes` bytes are there. Throws the error that the decompression ended with. */
export function waitForSpool(state: SpoolState, bytes: number): void {
  for (;;) {
    const tick = Atomics.load(state.flags, 1)
    const ended = isSpoolEnded(state)
    if (spooledBytes(state) >= bytes) return
    if (ended) throw spoolError(state)
    Atomics.wait(state.flags, 1, tick)
  }
}

function spoolError({ flags, error }: SpoolState): NumPackError {
  // TextDecoder reads no shared memory.
  const json = Uint8Array.from(error.subarray(0, Atomics.load(flags, 2)))
  const { code, message } = JSON.parse(new TextDecoder().decode(json)) as { code: ErrorCode; message: string }
  return new NumPackError(code, message)
}
