import type { Figures, StatisticsTask, TaskRequest } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import type { FakeHost } from './fake-host.ts'

interface FakeResult {
  figures?: Figures
  bytes?: ArrayBuffer
}

interface Entry {
  task: StatisticsTask
  result: FakeResult
  /** How often the window started the task and has not cancelled it. */
  shares: number
}

const BYTES_TOTAL = 1000

/**
 * Statistics of a fake host, which a test advances by hand. As in a host, requests for the same share a task, which ends when
 * it is cancelled as often as it was started.
 */
export class FakeTasks {
  readonly #host: FakeHost
  readonly #entries: Entry[] = []

  /** `onStart` is called for every new task, before the host answers which it is. */
  constructor(host: FakeHost, onStart: (tasks: FakeTasks) => void = () => {}) {
    this.#host = host
    host.handlers.startTask = request => {
      const shared = this.#entries.find(
        ({ task: { kind, params, state } }) =>
          JSON.stringify({ kind, params }) === JSON.stringify(request) && (state === 'running' || state === 'done'),
      )
      const entry = shared ?? this.#add(request)
      entry.shares++
      const { task } = entry
      if (!shared) onStart(this)
      return { result: { task } }
    }
    host.handlers.readTaskResult = ({ task }) => {
      const { figures = null, bytes = new ArrayBuffer(0) } = this.#entry(task).result
      return { result: { figures }, bytes }
    }
    host.handlers.cancelTask = ({ task }) => {
      const entry = this.#entry(task)
      entry.shares--
      if (entry.shares === 0 && entry.task.state === 'running') entry.task = { ...entry.task, state: 'cancelled' }
      return { result: {} }
    }
  }

  /** The tasks as they are, oldest first. */
  get list(): StatisticsTask[] {
    return this.#entries.map(({ task }) => task)
  }

  /** The latest task has read `percent` of its bytes, and found `result`; undefined where that is nothing new. */
  advance(percent: number, result?: FakeResult): void {
    const progress = { bytesDone: (BYTES_TOTAL * percent) / 100, bytesTotal: BYTES_TOTAL, rate: 0, secondsLeft: null }
    this.#change({ progress }, result)
  }

  /** The latest task is done. */
  finish(result: FakeResult): void {
    this.#change({ state: 'done', ended: 1 }, result)
  }

  /** The latest task fails. */
  fail(message: string): void {
    this.#change({ state: 'failed', ended: 1, error: { code: 'IO', message, details: {} } })
  }

  #add(request: TaskRequest): Entry {
    const task = {
      id: this.#entries.length + 1,
      ...request,
      state: 'running',
      progress: { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null },
      started: 0,
      ended: null,
      results: 0,
      result: null,
      error: null,
    } as StatisticsTask
    const entry = { task, result: {}, shares: 0 }
    this.#entries.push(entry)
    return entry
  }

  #entry(id: number): Entry {
    const entry = this.#entries.find(({ task, shares }) => task.id === id && shares > 0)
    if (!entry) throw new BridgeError('NOT_FOUND', 'This task is not in the list any more.')
    return entry
  }

  #change(change: Partial<Pick<StatisticsTask, 'state' | 'progress' | 'ended' | 'error'>>, result?: FakeResult): void {
    const entry = this.#entries.at(-1)!
    if (result) entry.result = result
    entry.task = { ...entry.task, ...change, results: entry.task.results + (result ? 1 : 0) }
    this.#host.emit({ type: 'taskChanged', task: entry.task })
  }
}
