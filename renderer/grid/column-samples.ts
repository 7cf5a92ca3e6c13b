import { BridgeError } from '../bridge/bridge.ts'
import { barsPath } from '../ui/bars-path.ts'
import { rangeOfSample, type ShadeRange } from './shade.ts'
import type { GridSource, Span } from './types.ts'

export const BINS = 16

/** A column that stays in view for so long is looked at: one that passes by is not. */
const REST_MS = 150
/** Rows of a package that are still to be decompressed are asked for again so much later. */
const DECOMPRESSING_MS = 1000
/** Columns that are looked at together. */
const AT_ONCE = 64
/** Columns that are remembered. */
const MAX_KNOWN = 20_000
/** The least height of a bar that holds anything, of 1. */
const LEAST_HEIGHT = 0.06

interface ColumnSample {
  /** The outline of bars, in a box of BINS by 1; '' where there is nothing to draw. */
  path: string
  range: ShadeRange | null
}

/** The finite numbers counted in equal bins from the least to the greatest; null where there is none. */
export function binned(values: Float64Array): Float64Array | null {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return null
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const counts = new Float64Array(BINS)
  // Halved, for a range that is wider than the largest number.
  const scale = BINS / (high / 2 - low / 2)
  for (const value of finite) {
    const bin = high > low ? Math.min(BINS - 1, Math.floor((value / 2 - low / 2) * scale)) : BINS >> 1
    counts[bin]! += 1
  }
  return counts
}

/** What a sample of rows tells about the columns in view: small histograms, and the range of their shades. */
export class ColumnSamples {
  private readonly onArrived: () => void
  private readonly known = new Map<number, ColumnSample>()
  private readonly fresh = new Set<number>()
  private source: GridSource
  private wanted: Span = [0, 0]
  private timer: ReturnType<typeof setTimeout> | null = null
  private reading: AbortController | null = null

  constructor(source: GridSource, onArrived: () => void) {
    this.source = source
    this.onArrived = onArrived
  }

  /** Looks at another source; what is known of the same place stays until it is read anew. */
  show(source: GridSource): void {
    this.close()
    this.fresh.clear()
    if (source.key !== this.source.key) this.known.clear()
    this.source = source
    this.wanted = [0, 0]
  }

  /** Stops reading. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.reading?.abort()
    this.reading = null
  }

  /** The outline of a column's bars; '' where none is known. */
  path(column: number): string {
    return this.known.get(column)?.path ?? ''
  }

  /** Between which numbers most of a column's are; null where none is known. */
  range(column: number): ShadeRange | null {
    return this.known.get(column)?.range ?? null
  }

  /** Reads what is missing of these columns, soon. */
  want(columns: Span): void {
    const [first, stop] = this.wanted
    if (this.source.sampleColumns === undefined || (columns[0] === first && columns[1] === stop)) return
    this.wanted = columns
    if (this.reading === null) this.readAfter(REST_MS)
  }

  private readAfter(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.read(), milliseconds)
  }

  private async read(): Promise<void> {
    this.timer = null
    const { source } = this
    let [start, stop] = this.wanted
    while (start < stop && this.fresh.has(start)) start++
    while (stop > start && this.fresh.has(stop - 1)) stop--
    stop = Math.min(stop, start + AT_ONCE)
    if (start === stop || source.sampleColumns === undefined) return
    const reading = new AbortController()
    this.reading = reading
    try {
      const samples = await source.sampleColumns([start, stop], reading.signal)
      if (reading.signal.aborted) return
      if (this.known.size > MAX_KNOWN) this.known.clear()
      for (const [at, values] of samples.entries()) this.keep(start + at, values)
      this.onArrived()
      this.reading = null
      this.readAfter(REST_MS)
    } catch (error) {
      if (this.reading !== reading) return
      this.reading = null
      // Other failures are told by the cells of these columns; their samples are read when others come in view.
      if (error instanceof BridgeError && error.code === 'NOT_READY') this.readAfter(DECOMPRESSING_MS)
    }
  }

  private keep(column: number, values: Float64Array): void {
    const counts = binned(values)
    const path = counts === null ? '' : barsPath(counts, LEAST_HEIGHT)
    this.known.set(column, { path, range: rangeOfSample(values) })
    this.fresh.add(column)
  }
}
