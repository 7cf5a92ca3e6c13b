import { closeSync, copyFileSync, openSync, readFileSync, readSync, renameSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disk } from '../../system/files.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { type SharedReader, shareReader } from '../read/shared-reader.ts'
import { Store } from '../read/store.ts'
import { SharedTurns } from '../../system/stop-signal.ts'
import { ThreadLife } from '../../system/thread-life.ts'
import { arrayOperand } from '../../array/ufunc/operand.ts'
import {
  AT_WORK,
  type ParallelEditResult,
  type ParallelEditStart,
  ENDED,
  TOO_LATE,
  waitForResult,
} from './parallel-edit.ts'
import { type SharedEdit, takeTurns } from './elementwise.ts'
import { InPlaceFiles } from './in-place.ts'
import { testUnless } from '../../test-support/test-unless.ts'

const ROWS = 1000
const COLUMNS = 5
const SLOT = 0
const data = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => i)
const isDeleted = (row: number): boolean => row % 3 === 1
const deleted = Array.from({ length: ROWS }, (_, row) => row).filter(isDeleted)
const [first, stop] = [50, 600]

const turns = (): SharedEdit => ({
  rows: [first, stop],
  rowsPerTurn: 7,
  edit: {
    kind: 'arithmetic',
    op: 'add',
    operand: arrayOperand(
      'float32',
      Float32Array.from({ length: (stop - first) * COLUMNS }, (_, i) => i),
    ),
  },
  turns: new SharedTurns().memory,
})

const newStates = (): Int32Array => new Int32Array(new SharedArrayBuffer(4))

function take(edit: SharedEdit, count: number): void {
  const shared = new SharedTurns(edit.turns)
  for (let i = 0; i < count; i++) shared.take()
}

function edited(start = first): Float32Array {
  const expected = data.slice()
  let logical = 0
  for (let row = 0; row < ROWS; row++) {
    if (isDeleted(row)) continue
    if (logical >= start && logical < stop) {
      for (let column = 0; column < COLUMNS; column++) {
        const place = row * COLUMNS + column
        expected[place] = (expected[place] as number) + (logical - first) * COLUMNS + column
      }
    }
    logical++
  }
  return expected
}

const scratch = (): ScratchStore =>
  new ScratchStore({ name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], data, deleted, segments: [400, 600] })

const contentOf = (store: ScratchStore): Float32Array =>
  new Float32Array(
    Uint8Array.from([0, 1].flatMap(i => [...readFileSync(store.file(`data_x_segments/seg_00000${i}.npkd`))])).buffer,
  )

let thread: Worker
beforeAll(() => {
  thread = new Worker(join(import.meta.dirname, 'parallel-edit-worker.ts'))
})
afterAll(async () => {
  await thread.terminate()
})

function help(reader: SharedReader, edit: SharedEdit): ParallelEditResult {
  const states = newStates()
  const { port1, port2 } = new MessageChannel()
  thread.postMessage({ reader, edit, states, slot: SLOT, port: port2 } satisfies ParallelEditStart, [port2])
  for (let at = 0; at !== ENDED; at = Atomics.load(states, SLOT)) Atomics.wait(states, SLOT, at)
  const received = receiveMessageOnPort(port1) as { readonly message: ParallelEditResult }
  port1.close()
  return received.message
}

const shared = (store: ScratchStore): SharedReader => shareReader(new Store(store.path).reader('x')) as SharedReader

test('a helping thread edits the logical rows of the turns that are left, in every segment', () => {
  using store = scratch()
  const edit = turns()
  take(edit, 4)
  const { written, failure } = help(shared(store), edit)
  expect(failure).toBeNull()
  expect(written.map(({ path }) => path)).toEqual(
    [0, 1].map(i => store.file(join('data_x_segments', `seg_00000${i}.npkd`))),
  )
  expect(contentOf(store)).toEqual(edited(first + 4 * 7))
})

test('a thread that comes after the end of an edit leaves the files alone', () => {
  using store = scratch()
  const states = newStates()
  Atomics.store(states, SLOT, TOO_LATE)
  const { port1, port2 } = new MessageChannel()
  thread.postMessage(
    { reader: shared(store), edit: turns(), states, slot: SLOT, port: port2 } satisfies ParallelEditStart,
    [port2],
  )
  const next = turns()
  take(next, ROWS)
  help(shared(store), next)
  port1.close()
  expect(contentOf(store)).toEqual(data)
})

test('a helping thread that dies at work is not waited for: the edit fails', () => {
  const states = newStates()
  Atomics.store(states, SLOT, AT_WORK)
  const dying = new Worker("require('node:worker_threads').parentPort.once('message', () => process.exit())", {
    eval: true,
  })
  const { port1, port2 } = new MessageChannel()
  using life = new ThreadLife(port1)
  dying.postMessage({ port: port2 }, [port2])
  expect(waitForResult(life, states, SLOT).failure).toMatchObject({
    code: 'IO',
    message: expect.stringContaining('ended early'),
  })
})

test('a thread that finds another file in the place says so, and everybody stops', () => {
  using store = scratch()
  const reader = shared(store)
  const path = store.file('data_x_segments/seg_000000.npkd')
  copyFileSync(path, `${path}.new`)
  renameSync(`${path}.new`, path)
  const edit = turns()
  const { failure } = help(reader, edit)
  expect(failure).toMatchObject({ code: 'CHANGED_ON_DISK', details: { path } })
  expect(new SharedTurns(edit.turns).isStopped).toBe(true)
  takeTurns(new Store(store.path).reader('x'), new InPlaceFiles(null), edit)
  expect(contentOf(store)).toEqual(data)
})

test('what a thread has written to is synced at the end of the batch', () => {
  using store = scratch()
  const { written } = help(shared(store), turns())
  const files = new InPlaceFiles(null)
  files.add(written)
  const opened: unknown[] = []
  const { open, sync } = disk
  let syncs = 0
  disk.open = (path, ...rest) => (opened.push(path), open(path, ...rest))
  disk.sync = fd => (syncs++, sync(fd))
  try {
    files.sync()
  } finally {
    Object.assign(disk, { open, sync })
  }
  expect([opened, syncs]).toEqual([written.map(({ path }) => path), 2])
})

test.each([
  ['no row deleted', () => false],
  ['every third row deleted', isDeleted],
])('a large array, %s: the edits of several threads are those of one', (_, isGone) => {
  using store = new ScratchStore()
  const [rows, columns] = [320_000, 64]
  const values = Float32Array.from({ length: rows * columns }, (_, i) => i % 1009)
  const gone = Array.from({ length: rows }, (_, row) => row).filter(isGone)
  NumPack.with(store.path, npk => {
    npk.save({ x: new NDArray('float32', [rows, columns], values) })
    if (gone.length > 0) npk.drop('x', gone)
    const row = Float32Array.from({ length: columns }, (_, i) => i)
    npk.writableBatchMode(batch => {
      const x = batch.load('x')
      for (let round = 0; round < 4; round++) x.iadd(NDArray.from(row)).imul(0.5)
    })
    npk.restore('x')
    const { data: result } = npk.load('x')
    let wrong = 0
    for (let i = 0; i < result.length; i++) {
      let expected = values[i] as number
      if (!isGone(Math.floor(i / columns))) {
        for (let round = 0; round < 4; round++) expected = Math.fround(Math.fround(expected + (i % columns)) * 0.5)
      }
      if (result[i] !== expected) wrong++
    }
    expect(wrong).toBe(0)
  })
})

test('an edit of a large array has reached every row when it returns', () => {
  using store = new ScratchStore()
  const rows = 320_000
  NumPack.with(store.path, npk => {
    npk.save({ x: NDArray.zeros([rows, 64], 'float32') })
    npk.writableBatchMode(batch => {
      const x = batch.load('x')
      for (let round = 0, value = 0; round < 8; round++) {
        value = Math.fround(Math.cos(value))
        const edited = x.cos()
        for (let row = rows; row > 0; row -= 2 ** 12) expect(edited.get(row - 1, 63)).toBe(value)
        expect(edited.get(2 ** 15 - 1, 63)).toBe(value)
      }
    })
  })
})

testUnless(availableParallelism() < 2 ? 'one processor needs no helping threads' : null)(
  'a file that only a helping thread wrote to is synced as well',
  () => {
    const [rows, columns] = [320_000, 64]
    using store = new ScratchStore({
      name: 'x',
      dtype: 'float32',
      shape: [rows, columns],
      data: new Float32Array(rows * columns),
      segments: [rows / 2, rows / 2],
    })
    const [first, second] = [0, 1].map(i => store.file(join('data_x_segments', `seg_00000${i}.npkd`))) as [
      string,
      string,
    ]
    const last = new Float32Array(1)
    const isHelped = (): boolean => {
      const fd = openSync(second, 'r')
      readSync(fd, last, 0, 4, (rows / 2) * columns * 4 - 4)
      closeSync(fd)
      return last[0] === 1
    }
    const { open, write } = disk
    const opened: unknown[] = []
    const idle = new Int32Array(new SharedArrayBuffer(4))
    // Blocks this thread in its first turn until the other one has done all the rest.
    disk.write = (...what) => {
      for (let looks = 0; looks < 6000 && !isHelped(); looks++) Atomics.wait(idle, 0, 0, 5)
      return write(...what)
    }
    disk.open = (path, ...rest) => {
      opened.push(path)
      return open(path, ...rest)
    }
    try {
      NumPack.with(store.path, npk => {
        const batch = npk.beginWritableBatch()
        batch.load('x').iadd(1)
        expect(opened.filter(path => path === second)).toEqual([])
        batch[Symbol.dispose]()
      })
    } finally {
      Object.assign(disk, { open, write })
    }
    expect(opened).toContain(first)
    expect(opened).toContain(second)
  },
)
