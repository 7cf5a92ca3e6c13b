import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import { fromPlainError, NumPackError, type PlainError, plainError } from '../../format/errors.ts'
import type { ArrayReader } from '../read/reader.ts'
import { type SharedReader, shareReader } from '../read/shared-reader.ts'
import { SharedTurns } from '../../system/stop-signal.ts'
import { ThreadPool } from '../../system/thread.ts'
import { ThreadLife } from '../../system/thread-life.ts'
import { eachBlock } from './blocks.ts'
import { type Elementwise, prepare, type SharedEdit, takeTurns } from './elementwise.ts'
import type { InPlaceFiles, WrittenFile } from './in-place.ts'

export interface ParallelEditStart {
  readonly reader: SharedReader
  readonly edit: SharedEdit
  /** One Int32 for each helping thread. */
  readonly states: Int32Array
  readonly slot: number
  readonly port: MessagePort
}

/** The files that a helping thread wrote to, and the error that ended it early. */
export interface ParallelEditResult {
  readonly written: readonly WrittenFile[]
  readonly failure: PlainError | null
}

/** A thread that starts after the edit's end must not touch the files. */
export const WAITED_FOR = 0
export const AT_WORK = 1
export const ENDED = 2
export const TOO_LATE = 3

/** Enough bytes of rows to hide a turn's overhead, few enough that the wait for the last turn is short. */
const TURN_BYTES = 4 * 2 ** 20
/** With fewer turns, one thread alone is faster. */
const MIN_TURNS = 16
/** More threads only wait: one at a time writes to a file. */
const MAX_HELPERS = 3
/** Largest operand that is copied to each thread. */
const MAX_OPERAND_BYTES = 2 ** 20

const THREAD_FILES = ['storage/write/parallel-edit-worker.ts', 'storage/write/parallel-edit-worker.js']
const pool = new ThreadPool(THREAD_FILES, MAX_HELPERS)

/**
 * Several threads edit a large array: one computes while another writes. Throws what NumPy refuses before any change.
 */
export function editElements(
  reader: ArrayReader,
  files: InPlaceFiles,
  rows: readonly [number, number],
  edit: Elementwise,
): void {
  const work = prepare(edit, reader.dtype)
  const rowsPerTurn = Math.max(1, Math.floor(TURN_BYTES / Math.max(1, reader.rowBytes)))
  const isSmall = rows[1] - rows[0] < MIN_TURNS * rowsPerTurn
  const isBulky = edit.kind === 'arithmetic' && edit.operand.data.byteLength > MAX_OPERAND_BYTES
  const helpers = isSmall || isBulky ? 0 : Math.min(availableParallelism() - 1, MAX_HELPERS)
  // First, because other threads receive the identity of the files.
  files.prepare(reader.source)
  const shared = helpers === 0 ? null : shareReader(reader)
  if (shared === null) {
    using writer = files.open(reader.source)
    eachBlock(reader, writer, rows, work)
    return
  }
  const states = new Int32Array(new SharedArrayBuffer(4 * helpers))
  const sharedEdit = { rows, rowsPerTurn, edit, turns: new SharedTurns().memory }
  const helping = Array.from({ length: helpers }, (_, slot) =>
    startHelper({ reader: shared, edit: sharedEdit, states, slot }),
  )
  const failures: unknown[] = []
  try {
    takeTurns(reader, files, sharedEdit)
  } catch (error) {
    failures.push(error)
  }
  for (const finish of helping) {
    const { written, failure } = finish()
    files.add(written)
    if (failure !== null) failures.push(fromPlainError(failure))
  }
  if (failures.length > 0) throw failures[0]
}

const NOTHING: ParallelEditResult = { written: [], failure: null }
/** The files that a dead thread wrote to are unknown, which is allowed: an edit is not atomic. */
const DIED: ParallelEditResult = {
  written: [],
  failure: plainError(
    new NumPackError('IO', 'A thread that edited the array ended early: some rows may not be edited. Try again.'),
  ),
}
/** Interval at which the waiting thread checks that its helper is alive. */
const CHECK_MS = 200

/** The returned function waits for the thread's result and returns the thread to the pool. */
function startHelper(start: Omit<ParallelEditStart, 'port'>): () => ParallelEditResult {
  const thread = takeThread()
  if (thread === null) return () => NOTHING
  const { port1, port2 } = new MessageChannel()
  const { slot, states } = start
  thread.postMessage({ ...start, port: port2 } satisfies ParallelEditStart, [port2])
  return () => {
    const isLate = Atomics.compareExchange(states, slot, WAITED_FOR, TOO_LATE) === WAITED_FOR
    using life = new ThreadLife(port1)
    const end = isLate ? NOTHING : waitForResult(life, states, slot)
    if (end === DIED) void thread.terminate()
    else pool.give(thread)
    return end
  }
}

/** Returns a failure if the thread died. */
export function waitForResult(life: ThreadLife, states: Int32Array, slot: number): ParallelEditResult {
  while (Atomics.load(states, slot) === AT_WORK) {
    if (Atomics.wait(states, slot, AT_WORK, CHECK_MS) !== 'timed-out') continue
    const end = life.receive()
    if (end !== undefined) return end.message as ParallelEditResult
    if (life.isOver) return DIED
  }
  return (life.receive()?.message as ParallelEditResult | undefined) ?? DIED
}

/** Returns null if no thread can be started: the edit then runs without it. */
function takeThread(): Worker | null {
  try {
    return pool.take()
  } catch {
    return null
  }
}
