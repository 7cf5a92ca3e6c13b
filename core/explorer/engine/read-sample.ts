import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { type AxisSteps, readSteps } from '../../storage/read/read-steps.ts'
import { progressMeter } from '../../system/progress.ts'
import type { ArrayWork } from './array-tasks.ts'
import type { ArrayTaskResult } from './messages.ts'
import { rowSetOf } from './row-sets.ts'
import { TURN_MS } from './turns.ts'

const ELEMENTS_AT_ONCE = 16_384

/** Larger samples have no partial results: to copy them would take longer than to read on. */
const PARTIAL_BYTES = 2 ** 20

/** Reads evenly spaced elements of every axis. Rejects with `ARGUMENT` for too many, `INDEX` beyond an axis. */
export const sample: ArrayWork<'sample'> = {
  rows: ({ axes: [rows] }) => (rows && rows.count > 0 ? rows.start + (rows.count - 1) * rows.step + 1 : 0),
  cache: null,

  async run({ rowSet, axes }, reader, { signal, onProgress, nextTurn, now }) {
    const { dtype } = reader
    const size = itemsize(dtype)
    const total = countElements(axes)
    checkBytes(countIterations(axes) * size)
    const bytes = new Uint8Array(total * size)
    const meter = progressMeter()
    let done = 0
    const result = (): ArrayTaskResult => ({
      figures: null,
      reading: { dtype, done },
      bytes: done === total ? bytes.buffer : bytes.slice().buffer,
    })
    let turnEnds = now() + TURN_MS
    for (const part of splitSample(axes)) {
      if (now() >= turnEnds) {
        onProgress(meter(done * size, total * size), () => (bytes.length > PARTIAL_BYTES ? null : result()))
        await nextTurn()
        signal.throwIfAborted()
        turnEnds = now() + TURN_MS
      }
      const elements = readSteps(reader, rowSetOf(reader, rowSet), part)
      bytes.set(elements, done * size)
      done += elements.length / size
    }
    return result()
  },
}

function checkBytes(bytes: number): void {
  if (bytes <= LIMITS.sampleBytes) return
  throw new NumPackError('ARGUMENT', `a sample has at most ${LIMITS.sampleBytes} bytes, not ${bytes}`, {
    bytes,
    limit: LIMITS.sampleBytes,
  })
}

const countElements = (axes: readonly AxisSteps[]): number => axes.reduce((product, { count }) => product * count, 1)

/** As `countElements`, but an axis without steps counts as one, because the others are still iterated. */
const countIterations = (axes: readonly AxisSteps[]): number =>
  axes.reduce((product, { count }) => product * Math.max(1, count), 1)

/** Splits a sample into parts of up to ELEMENTS_AT_ONCE elements, in C order. */
function* splitSample(axes: readonly AxisSteps[]): Generator<AxisSteps[]> {
  let split = axes.length
  while (split > 0 && countIterations(axes.slice(split - 1)) <= ELEMENTS_AT_ONCE) split--
  if (split === 0) {
    yield [...axes]
    return
  }
  const { start, count, step } = axes[split - 1]!
  const atOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / countIterations(axes.slice(split))))
  const outer = axes.slice(0, split - 1)
  for (const outerStep of eachStep(outer)) {
    for (let done = 0; done < count; done += atOnce) {
      const part = { start: start + done * step, count: Math.min(atOnce, count - done), step }
      yield [...outerStep, part, ...axes.slice(split)]
    }
  }
}

/** Yields each combination of one step per axis, in C order. */
function* eachStep(axes: readonly AxisSteps[]): Generator<AxisSteps[]> {
  const [first, ...others] = axes
  if (first === undefined) {
    yield []
    return
  }
  for (let i = 0; i < first.count; i++) {
    const step = { start: first.start + i * first.step, count: 1, step: 1 }
    for (const rest of eachStep(others)) yield [step, ...rest]
  }
}
