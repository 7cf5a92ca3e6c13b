import { shareBetween, sortedFinite, type Values } from '../../core/format/values.ts'
import { barsPath } from '../ui/bars-path.ts'
import { rangeOfSample, type ShadeRange } from './shade.ts'
import type { GridSource, Span } from './grid-types.ts'

export const BINS = 16

/** Sample a column only after it has been in view this long, milliseconds: columns that scroll past cost nothing. */
const REST_MS = 150
const AT_ONCE = 64
const MAX_KNOWN = 20_000
const LEAST_HEIGHT = 0.06

interface ColumnSample {
  /** SVG path of the bars, in a box of BINS by 1; '' when there is nothing to draw. */
  path: string
  range: ShadeRange | null
}

/** Counts the finite numbers in equal bins from the least to the greatest; null when there are none. */
export function binned(values: Values): Float64Array | null {
  const finite = sortedFinite(values)
  if (finite.length === 0) return null
  const shareOf = shareBetween(finite[0]!, finite.at(-1)!)
  const counts = new Float64Array(BINS)
  for (const value of finite) counts[Math.min(BINS - 1, Math.floor(shareOf(value) * BINS))]! += 1
  return counts
}

export class ColumnSamples {
  readonly #onArrived: () => void
  readonly #known = new Map<number, ColumnSample>()
  readonly #fresh = new Set<number>()
  #source: GridSource
  #wanted: Span = [0, 0]
  #timer: ReturnType<typeof setTimeout> | null = null
  #reading: AbortController | null = null

  constructor(source: GridSource, onArrived: () => void) {
    this.#source = source
    this.#onArrived = onArrived
  }

  show(source: GridSource): void {
    this.close()
    this.#fresh.clear()
    if (source.key !== this.#source.key) this.#known.clear()
    this.#source = source
    this.#wanted = [0, 0]
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#reading?.abort()
    this.#reading = null
  }

  path(column: number): string {
    return this.#known.get(column)?.path ?? ''
  }

  range(column: number): ShadeRange | null {
    return this.#known.get(column)?.range ?? null
  }

  request(columns: Span): void {
    const [first, stop] = this.#wanted
    if (this.#source.sampleColumns === undefined || (columns[0] === first && columns[1] === stop)) return
    this.#wanted = columns
    if (this.#reading === null) this.#readAfter(REST_MS)
  }

  #readAfter(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#read(), milliseconds)
  }

  async #read(): Promise<void> {
    this.#timer = null
    const source = this.#source
    let [start, stop] = this.#wanted
    while (start < stop && this.#fresh.has(start)) start++
    while (stop > start && this.#fresh.has(stop - 1)) stop--
    stop = Math.min(stop, start + AT_ONCE)
    if (start === stop || source.sampleColumns === undefined) return
    const reading = new AbortController()
    this.#reading = reading
    try {
      const samples = await source.sampleColumns([start, stop], reading.signal)
      if (reading.signal.aborted) return
      if (this.#known.size > MAX_KNOWN) this.#known.clear()
      for (const [at, values] of samples.entries()) this.#keep(start + at, values)
      this.#onArrived()
      this.#reading = null
      this.#readAfter(REST_MS)
    } catch {
      // The cells of these columns show the failure; the samples are read when other columns come into view.
      if (this.#reading === reading) this.#reading = null
    }
  }

  #keep(column: number, values: Values): void {
    const counts = binned(values)
    const path = counts === null ? '' : barsPath(counts, LEAST_HEIGHT)
    this.#known.set(column, { path, range: rangeOfSample(values) })
    this.#fresh.add(column)
  }
}
