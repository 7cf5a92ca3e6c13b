import { copyBlock, gather } from '../../array/copy.ts'
import { ascending, type Loop, outPlaceOf, type Plan, placeOf, simplify } from '../../array/plan.ts'
import type { DataSource } from './source.ts'
import { type Units, unitsOf } from '../../array/units.ts'

/** Reading over a gap of this many bytes is cheaper than another system call (1 µs, at 10 GB/s and more). */
const MAX_GAP = 16 * 1024
/** Size of a read beside the result; fits the second-level cache. */
const WINDOW_BYTES = 256 * 1024
/** Spans collected before their window is read. */
const MAX_SPANS = 4096

let windowBuffer: ArrayBuffer | null = null
const spanPlaces = new Float64Array(MAX_SPANS)
const spanTargets = new Float64Array(MAX_SPANS)
const spanLengths = new Float64Array(MAX_SPANS)

/** Reads a plan in few positional reads, in ascending order. `targetOffset` counts units of the result. */
export function readPlan(source: DataSource, plan: Plan, target: Units, targetOffset = 0): void {
  const unitBytes = target.BYTES_PER_ELEMENT
  const { base, loops, block } = simplify(plan)
  if (loops.some(loop => loop.count === 0) || block === 0) return
  if (loops.length === 0) {
    source.read(target, targetOffset * unitBytes, block * unitBytes, base * unitBytes)
    return
  }
  const ordered = loops.map(ascending)
  const inner = innerLoops(ordered, block, unitBytes)
  const reader = new SpanReader(source, target, { base: 0, loops: ordered.slice(inner.depth), block }, inner.span)
  visitSpans(ordered, inner.depth, 0, base, targetOffset, reader)
  reader.flush()
}

/** Merges inner loops without large gaps into one span. Returns the remaining loops and the span in units. */
function innerLoops(loops: readonly Loop[], block: number, unitBytes: number): { depth: number; span: number } {
  let span = block
  let depth = loops.length
  while (depth > 0) {
    const loop = loops[depth - 1] as Loop
    const wider = placeOf(loop, loop.count - 1) - placeOf(loop, 0) + span
    if (wider * unitBytes > WINDOW_BYTES || (largestStep(loop) - span) * unitBytes > MAX_GAP) break
    // The outermost loop stays: its spans are merged as they are visited, and adjacent ones read directly.
    if (depth === 1) break
    span = wider
    depth--
  }
  return { depth, span }
}

function largestStep(loop: Loop): number {
  const { list } = loop
  if (list === null) return loop.step
  let largest = 0
  for (let i = 1; i < list.length; i++) largest = Math.max(largest, (list[i] as number) - (list[i - 1] as number))
  return largest
}

function visitSpans(
  loops: readonly Loop[],
  depth: number,
  level: number,
  place: number,
  target: number,
  reader: SpanReader,
): void {
  const loop = loops[level] as Loop
  for (let i = 0; i < loop.count; i++) {
    const nextPlace = place + placeOf(loop, i)
    const nextTarget = target + outPlaceOf(loop, i)
    if (level === depth - 1) reader.add(nextPlace, nextTarget)
    else visitSpans(loops, depth, level + 1, nextPlace, nextTarget, reader)
  }
}

class SpanReader {
  readonly #source: DataSource
  readonly #target: Units
  readonly #unitBytes: 1 | 2 | 4
  readonly #plan: Plan
  /** First place of the plan's loops; spans are relative to it. */
  readonly #lead: number
  readonly #span: number
  /** Without inner loops, spans that adjoin both on disk and in the result become one. */
  readonly #merges: boolean
  #count = 0
  #windowStart = 0
  #windowEnd = 0

  constructor(source: DataSource, target: Units, plan: Plan, span: number) {
    this.#source = source
    this.#target = target
    this.#unitBytes = target.BYTES_PER_ELEMENT as 1 | 2 | 4
    this.#lead = plan.loops.reduce((sum, loop) => sum + placeOf(loop, 0), 0)
    this.#plan = plan
    this.#span = span
    this.#merges = plan.loops.length === 0
  }

  add(place: number, target: number): void {
    const start = place + this.#lead
    const end = start + this.#span
    if (this.#count > 0) {
      const last = this.#count - 1
      if (this.#merges) {
        const length = spanLengths[last] as number
        const adjoins =
          (spanPlaces[last] as number) + length === place && (spanTargets[last] as number) + length === target
        if (adjoins && (this.#count === 1 || this.#fits(end))) {
          spanLengths[last] = length + this.#span
          this.#windowEnd = end
          return
        }
      }
      const near = start >= this.#windowStart && (start - this.#windowEnd) * this.#unitBytes <= MAX_GAP
      if (!near || this.#count === MAX_SPANS || !this.#fits(end)) this.flush()
    }
    if (this.#count === 0) {
      this.#windowStart = start
      this.#windowEnd = end
    } else if (end > this.#windowEnd) this.#windowEnd = end
    spanPlaces[this.#count] = place
    spanTargets[this.#count] = target
    spanLengths[this.#count] = this.#span
    this.#count++
  }

  #fits(end: number): boolean {
    return (end - this.#windowStart) * this.#unitBytes <= WINDOW_BYTES
  }

  flush(): void {
    const count = this.#count
    if (count === 0) return
    this.#count = 0
    const start = this.#windowStart
    const bytes = (this.#windowEnd - start) * this.#unitBytes
    if (this.#merges && count === 1) {
      this.#source.read(this.#target, (spanTargets[0] as number) * this.#unitBytes, bytes, start * this.#unitBytes)
      return
    }
    windowBuffer ??= new ArrayBuffer(WINDOW_BYTES)
    const buffer = bytes <= WINDOW_BYTES ? windowBuffer : new ArrayBuffer(bytes)
    this.#source.read(new Uint8Array(buffer), 0, bytes, start * this.#unitBytes)
    const window = unitsOf(new Uint8Array(buffer), this.#unitBytes)
    for (let i = 0; i < count; i++) {
      const from = (spanPlaces[i] as number) - start
      if (this.#merges) copyBlock(window, from, this.#target, spanTargets[i] as number, spanLengths[i] as number)
      else gather(window, from, this.#target, spanTargets[i] as number, this.#plan)
    }
  }
}
