import { setTimeout } from 'node:timers/promises'
import { NumPackError } from '../format/errors.ts'
import type { KeptFigures, Recents } from '../recents/recents.ts'
import type { ColumnStatistics } from '../stats/column-figures.ts'
import { columnStatisticsOf } from '../stats/column-statistics.ts'
import { statisticsOf } from '../stats/statistics.ts'
import type { ArrayReader } from '../storage/reader.ts'
import { fingerprintOf } from './array-files.ts'
import { hasChannelsLast } from './contract/picture.ts'
import { Figures as FiguresSchema } from './contract/statistics.ts'
import type { Params, StatisticsState } from './contract/types.ts'
import { errorBody } from './error-body.ts'
import { figuresOf } from './figures.ts'

/** Work that nobody asks about for so long is given up; what is finished is forgotten after as many more. */
const WANTED_FOR_MS = 3000
const KNOWN_FOR_MS = 60_000
const LOOK_EVERY_MS = 500

const NOTHING_DONE = { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null }

/** An array whose figures are asked for. */
export interface RunTarget {
  /** Absolute path of the store. */
  path: string
  reader: ArrayReader
  generation: number
}

interface Run {
  state: StatisticsState
  readonly abort: AbortController
  asked: number
}

/** The figures that windows look at: worked out once, kept for the next time, given up when nobody looks any more. */
export class StatisticsRuns {
  readonly #recents: Pick<Recents, 'figures' | 'keepFigures'>
  readonly #onChanged: (store: number) => void
  readonly #runs = new Map<string, Run>()
  #timer: NodeJS.Timeout | undefined

  /** `onChanged` is told of a store whose array turned out to be another one while it was read. */
  constructor(recents: Pick<Recents, 'figures' | 'keepFigures'>, onChanged: (store: number) => void) {
    this.#recents = recents
    this.#onChanged = onChanged
  }

  /** What is known now; starts the work when nobody has yet. */
  look(params: Params<'readStatistics'>, target: RunTarget): StatisticsState {
    const key = keyOf(params, target.generation)
    let run = this.#runs.get(key)
    if (!run) {
      run = { state: running(), abort: new AbortController(), asked: 0 }
      this.#runs.set(key, run)
      this.#timer ??= setInterval(() => this.#giveUp(), LOOK_EVERY_MS)
      this.#start(run, params, target)
    }
    run.asked = performance.now()
    return run.state
  }

  /** Stops the work that those params started, if it is still going on. */
  cancel(params: Params<'readStatistics'>, { generation }: Pick<RunTarget, 'generation'>): void {
    const key = keyOf(params, generation)
    const run = this.#runs.get(key)
    if (run?.state.state !== 'running') return
    run.abort.abort()
    this.#runs.delete(key)
  }

  /** Gives everything up. */
  close(): void {
    for (const { abort } of this.#runs.values()) abort.abort()
    this.#runs.clear()
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Takes the figures that were kept, or begins to work them out. */
  #start(run: Run, params: Params<'readStatistics'>, { path, reader }: RunTarget): void {
    const { array, view, rows, columns, index, bins, scale } = params
    const isWhole = rows === null && columns === null && index === null
    const kept = { path, key: JSON.stringify([array, view, bins, scale]), fingerprint: fingerprintOf(path, reader) }
    const known = isWhole ? FiguresSchema.safeParse(this.#recents.figures(kept)).data : undefined
    if (known) run.state = { state: 'done', progress: NOTHING_DONE, figures: known, error: null }
    else void this.#work(run, params, reader, isWhole ? kept : null, path)
  }

  /** Works figures out, and keeps them under `kept` if the files are still the same then. */
  async #work(
    run: Run,
    { store, view, rows, columns, index, bins, scale }: Params<'readStatistics'>,
    reader: ArrayReader,
    kept: KeptFigures | null,
    path: string,
  ): Promise<void> {
    try {
      const { signal } = run.abort
      const work = (): ReturnType<typeof statisticsOf> =>
        statisticsOf(reader, {
          view,
          histogram: { bins, scale },
          signal,
          onProgress: ({ figures, ...progress }) => {
            run.state = { ...run.state, progress, figures: figuresOf(figures) }
          },
          ...(rows && { rows }),
          ...(columns && { columns }),
          ...(index && { index }),
        })
      const statistics = await whenDecompressed(work, signal)
      const channels = kept === null ? null : await whenDecompressed(() => channelsOf(reader, view, signal), signal)
      const figures = figuresOf(statistics, channels)
      run.state = { ...run.state, state: 'done', figures }
      if (kept !== null && fingerprintOf(path, reader) === kept.fingerprint) this.#recents.keepFigures(kept, figures)
    } catch (error) {
      run.state = { ...run.state, state: 'failed', error: errorBody(error) }
      if (error instanceof NumPackError && error.code === 'CHANGED_ON_DISK') this.#onChanged(store)
    }
  }

  #giveUp(): void {
    const now = performance.now()
    for (const [key, { asked, state, abort }] of this.#runs) {
      const patience = state.state === 'running' ? WANTED_FOR_MS : KNOWN_FOR_MS
      if (now - asked < patience) continue
      abort.abort()
      this.#runs.delete(key)
    }
    if (this.#runs.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

/** Figures of the colours of an array that looks like pictures; null for another one. */
async function channelsOf(
  reader: ArrayReader,
  view: Params<'readStatistics'>['view'],
  signal: AbortSignal,
): Promise<ColumnStatistics | null> {
  const { dtype, shape } = reader
  if (!hasChannelsLast(shape) || dtype === 'bool' || dtype.startsWith('complex')) return null
  return columnStatisticsOf(reader, { view, axis: shape.slice(0, -1).map((_, axis) => axis), signal })
}

/** Begins work again while it meets rows of a package that are still to be decompressed. */
async function whenDecompressed<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_READY') throw error
    }
    await setTimeout(LOOK_EVERY_MS, undefined, { signal })
  }
}

const running = (): StatisticsState => ({ state: 'running', progress: NOTHING_DONE, figures: null, error: null })

const keyOf = (params: Params<'readStatistics'>, generation: number): string => JSON.stringify([params, generation])
