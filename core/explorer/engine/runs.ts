import { setTimeout } from 'node:timers/promises'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { Json, CachedStatisticsKey, Recents } from '../../database/recents.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { fingerprintOf } from './array-files.ts'
import type { Progress, RunProgress } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import type { TaskQueue } from '../../system/task-queue.ts'

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

/** How far figures are that windows look at. */
export interface RunState<F> extends RunProgress {
  /** null until the first ones are known. */
  figures: F | null
}

interface RunControl<F> {
  signal: AbortSignal
  /** `figures` works out those of what was read so far. */
  onProgress: (progress: Progress, figures: () => F) => void
}

/** Figures that take a while to work out. */
export interface Work<P, F> {
  /** What they are kept under for the next time; null for those that are not kept. */
  keyOf(params: P): Json
  run(params: P, reader: ArrayReader, control: RunControl<F>): Promise<F>
  /** About so many bytes of memory. */
  bytesOf(figures: F): number
  /** As they are kept; null for figures that are too large to be. */
  toJson(figures: F): Json
  /** The figures that were kept; null where that is no such thing. */
  fromJson(kept: Json): F | null
}

interface Run<F> {
  readonly store: number
  /** Paths of the files that the array lies in. */
  readonly files: readonly string[]
  state: RunProgress
  figures: () => F | null
  readonly abort: AbortController
  asked: number
  /** Of figures that are done. */
  bytes: number
}

/** Figures that windows look at: worked out once, kept for the next time, given up when nobody looks any more. */
export class Runs<P extends { store: number }, F> {
  readonly #work: Work<P, F>
  readonly #recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>
  readonly #onChanged: (store: number) => void
  readonly #runs = new Map<string, Run<F>>()
  readonly #queue: TaskQueue
  #timer: NodeJS.Timeout | undefined

  /**
   * `queue` is where the work waits for its turn; `onChanged` is told of a store whose array turned out to be another one
   * while it was read.
   */
  constructor(
    work: Work<P, F>,
    recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>,
    queue: TaskQueue,
    onChanged: (store: number) => void,
  ) {
    this.#queue = queue
    this.#work = work
    this.#recents = recents
    this.#onChanged = onChanged
  }

  /** What is known now; starts the work when nobody has yet. Throws `ARGUMENT` where too much waits for its turn. */
  look(params: P, target: RunTarget): RunState<F> {
    const key = keyOf(params, target)
    let run = this.#runs.get(key)
    if (!run) {
      this.#queue.checkRoom()
      this.#forgetOldest(1)
      run = {
        store: params.store,
        files: target.reader.source.parts.map(({ file }) => file.path),
        state: { state: 'running', progress: NOTHING_DONE, error: null },
        figures: () => null,
        abort: new AbortController(),
        asked: performance.now(),
        bytes: 0,
      }
      this.#start(run, params, target)
      this.#runs.set(key, run)
      this.#timer ??= setInterval(() => this.#giveUpUnwanted(), LOOK_EVERY_MS)
    }
    const figures = run.figures()
    run.asked = performance.now()
    return { ...run.state, figures }
  }

  /** Paths of the files that the work under way reads. */
  get files(): string[] {
    return [...this.#runs.values()].flatMap(({ state, files }) => (state.state === 'running' ? files : []))
  }

  /** Stops the work that those params started, if it is still going on. */
  cancel(params: P, target: Pick<RunTarget, 'generation'>): void {
    const key = keyOf(params, target)
    const run = this.#runs.get(key)
    if (run?.state.state !== 'running') return
    run.abort.abort()
    this.#runs.delete(key)
  }

  /** Gives up what concerns a store: its files are let go of soon. */
  closeStore(store: number): void {
    this.#giveUp(run => run.store === store)
  }

  /** Gives everything up. */
  close(): void {
    this.#giveUp(() => true)
  }

  /** Takes the figures that were kept, or begins to work them out. */
  #start(run: Run<F>, params: P, { path, reader }: RunTarget): void {
    const key = this.#work.keyOf(params)
    const kept = key === null ? null : { path, key: JSON.stringify(key), fingerprint: fingerprintOf(path, reader) }
    const known = kept && this.#work.fromJson(this.#recents.cachedStatistics(kept))
    if (known) this.#end(run, known)
    else void this.#workOut(run, params, reader, kept)
  }

  /** Works figures out, and keeps them under `kept` if the files are still the same then. */
  async #workOut(run: Run<F>, params: P, reader: ArrayReader, kept: CachedStatisticsKey | null): Promise<void> {
    const { signal } = run.abort
    const onProgress = ({ bytesDone, bytesTotal, rate, secondsLeft }: Progress, figures: () => F): void => {
      run.state = { ...run.state, progress: { bytesDone, bytesTotal, rate, secondsLeft } }
      run.figures = figures
    }
    try {
      const figures = await this.#queue.run(
        () => whenDecompressed(() => this.#work.run(params, reader, { signal, onProgress }), signal),
        signal,
      )
      this.#end(run, figures)
      if (kept === null || fingerprintOf(kept.path, reader) !== kept.fingerprint) return
      const json = this.#work.toJson(figures)
      if (json !== null) this.#recents.cacheStatistics(kept, json)
    } catch (error) {
      run.state = { ...run.state, state: 'failed', error: errorBody(error) }
      // What was found so far is of no use, and is counted nowhere.
      run.figures = () => null
      if (error instanceof NumPackError && error.code === 'CHANGED_ON_DISK') this.#onChanged(params.store)
    }
  }

  #end(run: Run<F>, figures: F): void {
    run.state = { ...run.state, state: 'done' }
    run.figures = () => figures
    run.bytes = this.#work.bytesOf(figures)
    this.#forgetOldest(0)
  }

  /** Makes room for `more` runs: of those that ended, a bounded number is kept, those that were asked for last. */
  #forgetOldest(more: number): void {
    const ended = [...this.#runs].filter(([, { state }]) => state.state !== 'running')
    ended.sort(([, a], [, b]) => a.asked - b.asked)
    let bytes = ended.reduce((sum, [, run]) => sum + run.bytes, 0)
    let count = ended.length + more
    for (const [key, run] of ended) {
      if (count <= LIMITS.doneStatistics && bytes <= LIMITS.doneStatisticsBytes) return
      this.#runs.delete(key)
      count--
      bytes -= run.bytes
    }
  }

  #giveUpUnwanted(): void {
    const now = performance.now()
    this.#giveUp(({ asked, state }) => now - asked >= (state.state === 'running' ? WANTED_FOR_MS : KNOWN_FOR_MS))
  }

  #giveUp(isOver: (run: Run<F>) => boolean): void {
    for (const [key, run] of this.#runs) {
      if (!isOver(run)) continue
      run.abort.abort()
      this.#runs.delete(key)
    }
    if (this.#runs.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

const keyOf = (params: unknown, { generation }: Pick<RunTarget, 'generation'>): string =>
  JSON.stringify([params, generation])

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
