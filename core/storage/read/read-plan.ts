import { copyBlock, gather } from '../../array/copy.ts'
import { type Loop, offsetOf, type Plan, resultOffsetOf, simplify, sortByOffset } from '../../array/plan.ts'
import type { DataSource } from './source.ts'
import { type Units, unitsOf } from '../../array/units.ts'

/** Reading over a gap of this many bytes is cheaper than another system call (1 µs, at 10 GB/s and more). */
const MAX_GAP = 16 * 1024
/** Size of a read beside the result; fits the second-level cache. */
const WINDOW_BYTES = 256 * 1024
/** Spans collected before their window is read. */
const MAX_SPANS = 4096

let windowBuffer: ArrayBuffer | null = null
const spanOffsets = new Float64Array(MAX_SPANS)
const spanTargetOffsets = new Float64Array(MAX_SPANS)
const spanLengths = new Float64Array(MAX_SPANS)

/** Reads a plan in few positional reads, in ascending order. `targetOffset` counts units of the result. */
export function readPlan(source: DataSource, plan: Plan, target: Units, targetOffset = 0): void {
  const unitBytes = target.BYTES_PER_ELEMENT
  const { base, loops, blockUnits } = simplify(plan)
  if (loops.some(loop => loop.count === 0) || blockUnits === 0) return
  if (loops.length === 0) {
    source.read(target, targetOffset * unitBytes, blockUnits * unitBytes, base * unitBytes)
    return
  }
  const ordered = loops.map(sortByOffset)
  const inner = mergeInnerLoops(ordered, blockUnits, unitBytes)
  const reader = new SpanReader(
    source,
    target,
    { base: 0, loops: ordered.slice(inner.depth), blockUnits },
    inner.spanUnits,
  )
  visitSpans(ordered, inner.depth, 0, base, targetOffset, reader)
  reader.flush()
}

/** Merges inner loops without large gaps into one span. Returns the number of outer loops that remain. */
function mergeInnerLoops(
  loops: readonly Loop[],
  blockUnits: number,
  unitBytes: number,
): { depth: number; spanUnits: number } {
  let spanUnits = blockUnits
  let depth = loops.length
  while (depth > 0) {
    const loop = loops[depth - 1] as Loop
    const wider = offsetOf(loop, loop.count - 1) - offsetOf(loop, 0) + spanUnits
    if (wider * unitBytes > WINDOW_BYTES || (largestStride(loop) - spanUnits) * unitBytes > MAX_GAP) break
    // The outermost loop stays: its spans are merged as they are visited, and adjacent ones read directly.
    if (depth === 1) break
    spanUnits = wider
    depth--
  }
  return { depth, spanUnits }
}

function largestStride({ offsets, stride }: Loop): number {
  if (offsets === null) return stride
  let largest = 0
  for (let i = 1; i < offsets.length; i++) {
    largest = Math.max(largest, (offsets[i] as number) - (offsets[i - 1] as number))
  }
  return largest
}

function visitSpans(
  loops: readonly Loop[],
  depth: number,
  level: number,
  offset: number,
  targetOffset: number,
  reader: SpanReader,
): void {
  const loop = loops[level] as Loop
  for (let i = 0; i < loop.count; i++) {
    const innerOffset = offset + offsetOf(loop, i)
    const innerTargetOffset = targetOffset + resultOffsetOf(loop, i)
    if (level === depth - 1) reader.add(innerOffset, innerTargetOffset)
    else visitSpans(loops, depth, level + 1, innerOffset, innerTargetOffset, reader)
  }
}

/** Collects spans that lie within one window of the file, reads the window, and copies their elements to the result. */
class SpanReader {
  readonly #source: DataSource
  readonly #target: Units
  readonly #unitBytes: 1 | 2 | 4
  readonly #plan: Plan
  /** Units from a span's offset, which leaves the inner loops out, to the first unit that these read. */
  readonly #lead: number
  readonly #spanUnits: number
  /** Without inner loops, spans that adjoin both on disk and in the result become one. */
  readonly #merges: boolean
  #count = 0
  #windowStart = 0
  #windowEnd = 0

  constructor(source: DataSource, target: Units, plan: Plan, spanUnits: number) {
    this.#source = source
    this.#target = target
    this.#unitBytes = target.BYTES_PER_ELEMENT as 1 | 2 | 4
    this.#lead = plan.loops.reduce((sum, loop) => sum + offsetOf(loop, 0), 0)
    this.#plan = plan
    this.#spanUnits = spanUnits
    this.#merges = plan.loops.length === 0
  }

  add(offset: number, targetOffset: number): void {
    const start = offset + this.#lead
    const end = start + this.#spanUnits
    if (this.#count > 0) {
      const last = this.#count - 1
      if (this.#merges) {
        const length = spanLengths[last] as number
        const adjoins =
          (spanOffsets[last] as number) + length === offset &&
          (spanTargetOffsets[last] as number) + length === targetOffset
        if (adjoins && (this.#count === 1 || this.#fits(end))) {
          spanLengths[last] = length + this.#spanUnits
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
    spanOffsets[this.#count] = offset
    spanTargetOffsets[this.#count] = targetOffset
    spanLengths[this.#count] = this.#spanUnits
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
      this.#source.read(
        this.#target,
        (spanTargetOffsets[0] as number) * this.#unitBytes,
        bytes,
        start * this.#unitBytes,
      )
      return
    }
    windowBuffer ??= new ArrayBuffer(WINDOW_BYTES)
    const buffer = bytes <= WINDOW_BYTES ? windowBuffer : new ArrayBuffer(bytes)
    this.#source.read(new Uint8Array(buffer), 0, bytes, start * this.#unitBytes)
    const window = unitsOf(new Uint8Array(buffer), this.#unitBytes)
    for (let i = 0; i < count; i++) {
      const from = (spanOffsets[i] as number) - start
      if (this.#merges) copyBlock(window, from, this.#target, spanTargetOffsets[i] as number, spanLengths[i] as number)
      else gather(window, from, this.#target, spanTargetOffsets[i] as number, this.#plan)
    }
  }
}
