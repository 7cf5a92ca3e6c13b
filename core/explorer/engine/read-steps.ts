import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { type AxisSteps, readSteps } from '../../storage/read/read-steps.ts'
import type { Answer, Params } from '../contract/types.ts'
import { ANSWER_WITHIN_MS } from './read-series.ts'
import { checkElements } from './check-elements.ts'
import { rowSetOf } from './row-sets.ts'

/** Elements that are read before the time is looked at. */
const ELEMENTS_AT_ONCE = 16_384

/**
 * Answers `readSteps`: evenly spaced elements of every axis, as far as time allows: axis `along` may come
 * short. Throws `ARGUMENT` where a single one of its places is too much for one answer.
 */
export function answerSteps(
  reader: ArrayReader,
  generation: number,
  { rowSet, axes, along }: Params<'readSteps'>,
  now: () => number = () => performance.now(),
): Answer<'readSteps'> {
  const wanted = axes[along]
  if (axes.length > 0 && (wanted === undefined || axes.slice(0, along).some(axis => axis.count > 1)))
    throw new NumPackError('ARGUMENT', `readSteps: axis ${along} is not the first one of several places`)
  const inner = axes.slice(along + 1).reduce((product, { count }) => product * Math.max(1, count), 1)
  checkElements('readSteps', inner, ` at one index of axis ${along}`)
  const possible = Math.min(wanted?.count ?? 1, Math.floor(LIMITS.windowElements / inner))
  const atOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / inner))
  const answerBy = now() + ANSWER_WITHIN_MS
  const parts: Uint8Array[] = []
  let done = 0
  do {
    const count = Math.min(atOnce, possible - done)
    parts.push(
      readSteps(
        reader,
        rowSetOf(reader, rowSet),
        axes.map((axis, i) => (i === along ? part(axis, done, count) : axis)),
      ),
    )
    done += count
  } while (done < possible && now() < answerBy)
  return { result: { dtype: reader.dtype, done, generation }, bytes: joined(parts) }
}

const part = ({ start, step }: AxisSteps, done: number, count: number): AxisSteps => ({
  start: start + done * step,
  count,
  step,
})

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const out = new Uint8Array(parts.reduce((length, { byteLength }) => length + byteLength, 0))
  let at = 0
  for (const bytes of parts) {
    out.set(bytes, at)
    at += bytes.byteLength
  }
  return out.buffer
}
