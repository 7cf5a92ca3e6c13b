import type {
  Figures,
  Reading,
  ArrayTaskRequest,
  ArrayTask,
  TaskRequest,
} from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import type { FakeHost } from './fake-host.ts'
import { runningTask } from './running-task.ts'

interface FakeResult {
  figures?: Figures
  reading?: Reading
  bytes?: ArrayBuffer
}

interface Entry {
  task: ArrayTask
  result: FakeResult
  /** How often the window has started the task, less how often it has cancelled it. */
  shares: number
}

const BYTES_TOTAL = 1000

/** Tasks that a test advances by hand. Equal requests share one, which ends when all its starts are cancelled. */
export class FakeTasks {
  readonly #host: FakeHost
  readonly #entries: Entry[] = []

  /** `onStart` is called for every new task, before the host answers with its id. */
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
      const { figures = null, reading = null, bytes = new ArrayBuffer(0) } = this.#entry(task).result
      return { result: { figures, reading }, bytes }
    }
    host.handlers.cancelTask = ({ task }) => {
      const entry = this.#entry(task)
      entry.shares--
      if (entry.shares === 0 && entry.task.state === 'running') entry.task = { ...entry.task, state: 'cancelled' }
      return { result: {} }
    }
  }

  get list(): ArrayTask[] {
    return this.#entries.map(({ task }) => task)
  }

  advance(percent: number, result?: FakeResult): void {
    const progress = { bytesDone: (BYTES_TOTAL * percent) / 100, bytesTotal: BYTES_TOTAL, rate: 0, secondsLeft: null }
    this.#change({ progress }, result)
  }

  finish(result: FakeResult): void {
    this.#change({ state: 'done', ended: 1 }, result)
  }

  fail(message: string): void {
    this.#change({ state: 'failed', ended: 1, error: { code: 'IO', message, details: {} } })
  }

  #add(request: TaskRequest): Entry {
    const task = runningTask(request as ArrayTaskRequest, this.#entries.length + 1)
    const entry = { task, result: {}, shares: 0 }
    this.#entries.push(entry)
    return entry
  }

  #entry(id: number): Entry {
    const entry = this.#entries.find(({ task, shares }) => task.id === id && shares > 0)
    if (!entry) throw new BridgeError('NOT_FOUND', 'This task is not in the list any more.')
    return entry
  }

  #change(change: Partial<Pick<ArrayTask, 'state' | 'progress' | 'ended' | 'error'>>, result?: FakeResult): void {
    const entry = this.#entries.at(-1)!
    if (result) entry.result = result
    entry.task = { ...entry.task, ...change, results: entry.task.results + (result ? 1 : 0) }
    this.#host.emit({ type: 'taskChanged', task: entry.task })
  }
}
