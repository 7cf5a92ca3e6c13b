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

/** What a helping thread is sent. */
export interface EditStart {
  readonly reader: SharedReader
  readonly edit: SharedEdit
  /** One Int32 for each helping thread: where it is. */
  readonly states: Int32Array
  /** Which of them is the thread's own. */
  readonly slot: number
  /** Takes one `EditEnd`. */
  readonly port: MessagePort
}

/** What a helping thread found: the files that it wrote to, and why it ended early, if it did. */
export interface EditEnd {
  readonly written: readonly WrittenFile[]
  readonly failure: PlainError | null
}

/** Where a helping thread is, in its slot: a thread that comes after the edit's end must not touch the files. */
export const WAITED_FOR = 0
export const AT_WORK = 1
export const ENDED = 2
export const TOO_LATE = 3

/** Rows of so many bytes are a turn: long beside the few calls that it costs, short beside the wait for the last one. */
const TURN_BYTES = 4 * 2 ** 20
/** Fewer turns are quicker done than shared. */
const LEAST_TURNS = 16
/** More threads wait for each other: a file is written by one at a time. */
const MOST_HELPERS = 3
/** Operands that are copied for each thread. */
const MOST_OPERAND_BYTES = 2 ** 20

const pool = new ThreadPool(import.meta.dirname, ['edit-worker.ts', 'edit-worker.js'], MOST_HELPERS)

/**
 * Edits the logical rows [start, stop) of an array element by element, a large array in several threads: while one of
 * them waits for the file, another computes. Throws what NumPy refuses before anything is changed.
 */
export function editElements(
  reader: ArrayReader,
  files: InPlaceFiles,
  rows: readonly [number, number],
  edit: Elementwise,
): void {
  const work = prepare(edit, reader.dtype)
  const rowsPerTurn = Math.max(1, Math.floor(TURN_BYTES / Math.max(1, reader.rowBytes)))
  const isSmall = rows[1] - rows[0] < LEAST_TURNS * rowsPerTurn
  const isBulky = edit.kind === 'arithmetic' && edit.operand.data.byteLength > MOST_OPERAND_BYTES
  const helpers = isSmall || isBulky ? 0 : Math.min(availableParallelism() - 1, MOST_HELPERS)
  // Before other threads are told which files they are.
  files.prepare(reader.source)
  const shared = helpers === 0 ? null : shareReader(reader)
  if (shared === null) {
    using writer = files.open(reader.source)
    eachBlock(reader, writer, rows, work)
    return
  }
  const states = new Int32Array(new SharedArrayBuffer(4 * helpers))
  const sharedEdit = { rows, rowsPerTurn, edit, turns: new SharedTurns().memory }
  const helping = Array.from({ length: helpers }, (_, slot) => help({ reader: shared, edit: sharedEdit, states, slot }))
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

const NOTHING: EditEnd = { written: [], failure: null }
/** Which files it wrote to nobody knows; the edit is not all or nothing in any case. */
const DIED: EditEnd = {
  written: [],
  failure: plainError(
    new NumPackError('IO', 'A thread that edited the array ended early: some rows may not be edited. Try again.'),
  ),
}
/** How often who waits for a thread sees to it that there still is one. */
const SLICE_MS = 200

/** Starts a helping thread. The returned function waits until it has ended, and gives it back. */
function help(start: Omit<EditStart, 'port'>): () => EditEnd {
  const thread = takeThread()
  if (thread === null) return () => NOTHING
  const { port1, port2 } = new MessageChannel()
  const { slot, states } = start
  thread.postMessage({ ...start, port: port2 } satisfies EditStart, [port2])
  return () => {
    const isLate = Atomics.compareExchange(states, slot, WAITED_FOR, TOO_LATE) === WAITED_FOR
    using life = new ThreadLife(port1)
    const end = isLate ? NOTHING : endOf(life, states, slot)
    if (end === DIED) void thread.terminate()
    else pool.give(thread)
    return end
  }
}

/** Waits until a thread that is at work has ended; a thread that died is not waited for. */
export function endOf(life: ThreadLife, states: Int32Array, slot: number): EditEnd {
  while (Atomics.load(states, slot) === AT_WORK) {
    if (Atomics.wait(states, slot, AT_WORK, SLICE_MS) !== 'timed-out') continue
    const end = life.receive()
    if (end !== undefined) return end.message as EditEnd
    if (life.isOver) return DIED
  }
  return (life.receive()?.message as EditEnd | undefined) ?? DIED
}

/** null where no thread is to be had: the edit is made without. */
function takeThread(): Worker | null {
  try {
    return pool.take()
  } catch {
    return null
  }
}
