import type { Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'
import type { ExplorerEvent, Params, Reply, Result } from './contract/types.ts'
import { errorBody } from './error-body.ts'
import type { JobRunners } from './job-runners.ts'
import { Jobs } from './jobs.ts'
import {
  type EngineMethod,
  HOST_METHODS,
  type HostMethod,
  type WorkerMessage,
  type WorkerRequest,
  type WorkerStart,
} from './messages.ts'
import { checkRequest, type ValidRequest } from './validate.ts'

/** What a host brings: how the worker starts, and what only the host can do. */
export interface HostOptions {
  /** Starts the thread that runs `startWorker` of worker.ts with this workerData. */
  createWorker: (start: WorkerStart) => Worker
  /** The folder for the recents' file. */
  dataFolder: string
  /** The folder for what is decompressed to be looked at. */
  cacheFolder: string
  /** Everything about this host but the notices, which come together here. */
  environment: () => Omit<Result<'environment'>, 'notices'>
  /** Sentences about what this host can't do. */
  notices?: string[]
  /** Asks the user for folders; `connection` says for which window. */
  pickFolder?: (connection: Connection) => Promise<string[]>
  pickPackages?: (connection: Connection) => Promise<string[]>
  pickTarget?: (connection: Connection, wish: Params<'pickTarget'>) => Promise<string | null>
  showInFolder?: (path: string) => Promise<void> | void
  /** How jobs are done, where it is not the usual way. */
  jobRunners?: JobRunners
}

/** One window's way into the host. */
export interface Connection {
  /** Answers any value with a reply; never rejects. */
  request(request: unknown): Promise<Reply>
  /** Answers the request of that id with `ABORTED`, if it is still open. One that waits never reaches the engine. */
  cancel(id: number): void
  /** While held, the window's requests wait: for a transport that has not got rid of the replies so far. */
  hold(held: boolean): void
  /** Ends the window's requests and releases its stores. Idempotent. */
  close(): void
}

/** More open requests than any window has: beyond it, a window is answered with an error. */
const MAX_OPEN_REQUESTS = 1000

/** What is being decompressed is asked for again after so long. */
const AGAIN_AFTER_MS = 20

/** Room for the generations of one worker's life. */
const GENERATIONS_PER_WORKER = 1e9

interface Waiting {
  window: WindowState
  request: ValidRequest
  settled: boolean
  settle: (reply: Reply) => void
}

interface WindowState {
  send: (event: ExplorerEvent) => void
  waiting: Waiting[]
  open: Map<number, Waiting>
  held: boolean
  closed: boolean
  connection: Connection
}

/** A worker that is busy for longer is ended by force: SQLite and the stores it only reads don't mind. */
const CLOSE_WITHIN_MS = 2000

const ABORTED = { code: 'ABORTED', message: 'The request was cancelled.', details: {} }
const CLOSED = { code: 'CLOSED', message: 'The window is closed.', details: {} }
const STOPPED = {
  code: 'IO',
  message: 'The engine stopped unexpectedly and was started again; please try once more.',
  details: {},
}

/**
 * The explorer service as windows see it, the same under Electron and in the browser host: checks every request, hands
 * the worker one at a time, in turn for each window, and tells windows what happens to the stores they have open.
 */
export class ExplorerHost {
  readonly #options: HostOptions
  readonly #windows = new Set<WindowState>()
  /** Whose requests the host's own are. */
  readonly #own = this.#newWindow(() => {})
  readonly #turns: WindowState[] = []
  readonly #stores = new Map<number, { path: string; windows: Set<WindowState> }>()
  readonly #notices: string[]
  readonly #jobs: Jobs
  #worker: Worker | undefined
  #ready: Promise<void> = Promise.resolve()
  #starts = 0
  /** Whether the worker that runs has done anything for anybody yet. */
  #proved = false
  #running: Waiting | undefined
  #closing = false

  constructor(options: HostOptions) {
    this.#options = options
    this.#notices = [...(options.notices ?? [])]
    this.#jobs = new Jobs(event => this.#tellOfJobs(event), options.jobRunners)
    this.#startWorker()
  }

  /** How many jobs would be cancelled by closing the host. */
  get runningJobs(): number {
    return this.#jobs.running
  }

  /** A new window. `send` is called with its events until the connection is closed. */
  connect(send: (event: ExplorerEvent) => void): Connection {
    const window = this.#newWindow(send)
    this.#windows.add(window)
    return window.connection
  }

  #newWindow(send: (event: ExplorerEvent) => void): WindowState {
    const connection: Connection = {
      request: value => this.#request(window, value),
      cancel: id => this.#cancel(window, id),
      hold: held => this.#hold(window, held),
      close: () => this.#disconnect(window),
    }
    const window: WindowState = { send, waiting: [], open: new Map(), held: false, closed: false, connection }
    return window
  }

  /** Ends every connection, the worker, and the jobs, which leave nothing behind. */
  async close(): Promise<void> {
    this.#closing = true
    for (const window of this.#windows) this.#disconnect(window)
    await Promise.all([this.#jobs.close(), this.#closeWorker()])
  }

  async #closeWorker(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.postMessage('close' satisfies WorkerRequest)
    const patience = setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS)
    await ended
    clearTimeout(patience)
  }

  #request(window: WindowState, value: unknown): Promise<Reply> {
    const checked = checkRequest(value)
    if (!checked.ok) return Promise.resolve({ id: checked.id, ok: false, error: checked.error })
    const { request } = checked
    const refuse = (error: Extract<Reply, { ok: false }>['error']): Promise<Reply> =>
      Promise.resolve({ id: request.id, ok: false, error })
    if (window.closed) return refuse(CLOSED)
    if (window.open.has(request.id))
      return refuse({ code: 'ARGUMENT', message: `the id ${request.id} is in use`, details: {} })
    if (window.open.size >= MAX_OPEN_REQUESTS)
      return refuse({ code: 'ARGUMENT', message: `more than ${MAX_OPEN_REQUESTS} requests are open`, details: {} })
    return new Promise(resolve => {
      const entry: Waiting = {
        window,
        request,
        settled: false,
        settle: reply => {
          if (entry.settled) return
          entry.settled = true
          window.open.delete(request.id)
          resolve(reply)
        },
      }
      window.open.set(request.id, entry)
      if (isHostMethod(request)) void this.#answerHere(entry, request)
      else this.#enqueue(entry)
    })
  }

  #cancel(window: WindowState, id: number): void {
    const entry = window.open.get(id)
    if (!entry) return
    window.waiting = window.waiting.filter(other => other !== entry)
    entry.settle({ id, ok: false, error: ABORTED })
  }

  #hold(window: WindowState, held: boolean): void {
    window.held = held
    this.#takeTurn(window)
  }

  #disconnect(window: WindowState): void {
    if (window.closed) return
    window.closed = true
    this.#windows.delete(window)
    window.waiting = []
    for (const [id, entry] of window.open) entry.settle({ id, ok: false, error: CLOSED })
    for (const [id, store] of this.#stores) if (store.windows.delete(window)) this.#release(id)
  }

  async #answerHere(entry: Waiting, request: ValidRequest & { method: HostMethod }): Promise<void> {
    const { id } = request
    try {
      entry.settle({ id, ok: true, result: await this.#hostMethod(entry.window, request) })
    } catch (error) {
      entry.settle({ id, ok: false, error: errorBody(error) })
    }
  }

  async #hostMethod(
    window: WindowState,
    { method, params }: ValidRequest & { method: HostMethod },
  ): Promise<Result<HostMethod>> {
    const { environment, pickFolder, pickPackages, pickTarget, showInFolder } = this.#options
    switch (method) {
      case 'environment':
        await this.#ready
        return { ...environment(), notices: [...this.#notices] }
      case 'pickFolder':
        if (!pickFolder) throw new NumPackError('ARGUMENT', 'This host has no folder dialog.')
        return { paths: await pickFolder(window.connection) }
      case 'pickPackages':
        if (!pickPackages) throw new NumPackError('ARGUMENT', 'This host has no file dialog.')
        return { paths: await pickPackages(window.connection) }
      case 'pickTarget':
        if (!pickTarget) throw new NumPackError('ARGUMENT', 'This host has no file dialog.')
        return { path: await pickTarget(window.connection, params as Params<'pickTarget'>) }
      case 'showInFolder':
        if (!showInFolder) throw new NumPackError('ARGUMENT', 'This host has no file manager.')
        await showInFolder((params as { path: string }).path)
        return {}
      case 'startJob':
        return { job: this.#jobs.start(params as Params<'startJob'>) }
      case 'listJobs':
        return { jobs: this.#jobs.list() }
      case 'cancelJob':
        this.#jobs.cancel((params as Params<'cancelJob'>).job)
        return {}
      case 'dismissJob':
        this.#jobs.dismiss((params as Params<'dismissJob'>).job)
        return {}
      default:
        return method satisfies never
    }
  }

  #enqueue(entry: Waiting): void {
    const { window } = entry
    window.waiting.push(entry)
    this.#takeTurn(window)
  }

  #takeTurn(window: WindowState): void {
    if (!this.#turns.includes(window)) this.#turns.push(window)
    this.#next()
  }

  /** Gives the worker its next request: the first one of the window whose turn it is. */
  #next(): void {
    while (!this.#running && !this.#closing) {
      const window = this.#turns.shift()
      if (!window) return
      const entry = window.held ? undefined : window.waiting.shift()
      if (!entry) continue
      if (window.waiting.length > 0) this.#turns.push(window)
      if (entry.request.method === 'closeStore' && this.#stillOpen(entry)) {
        entry.settle({ id: entry.request.id, ok: true, result: {} })
        continue
      }
      this.#running = entry
      const message: WorkerRequest = { method: entry.request.method as EngineMethod, params: entry.request.params }
      this.#startWorker().postMessage(message)
    }
  }

  /** Takes a window from a store's users; true when others still use the store. */
  #stillOpen(entry: Waiting): boolean {
    const { store: id } = entry.request.params as { store: number }
    const store = this.#stores.get(id)
    store?.windows.delete(entry.window)
    if (store && store.windows.size > 0) return true
    this.#stores.delete(id)
    return false
  }

  /** Has the worker close a store that no window uses any more. */
  #release(id: number): void {
    const store = this.#stores.get(id)
    if (!store || store.windows.size > 0 || this.#closing) return
    this.#have('closeStore', { store: id })
  }

  /** Has the worker do something that no window asked for. */
  #have<M extends EngineMethod>(method: M, params: Params<M>): void {
    const request: ValidRequest = { id: 0, method, params }
    this.#enqueue({ window: this.#own, request, settled: true, settle: () => {} })
  }

  #startWorker(): Worker {
    if (this.#worker) return this.#worker
    const worker = this.#options.createWorker({
      dataFolder: this.#options.dataFolder,
      cacheFolder: this.#options.cacheFolder,
      stores: [...this.#stores].map(([id, { path }]) => ({ id, path })),
      firstGeneration: this.#starts++ * GENERATIONS_PER_WORKER,
    })
    this.#worker = worker
    this.#proved = false
    this.#ready = new Promise(resolve => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') resolve()
        else if (this.#worker === worker) this.#fromWorker(message)
      })
      worker.once('exit', () => {
        resolve()
        if (this.#worker === worker) this.#workerStopped()
      })
    })
    worker.on('error', error =>
      this.#notice(`The engine stopped: ${error instanceof Error ? error.message : String(error)}`),
    )
    return worker
  }

  /** Starts a new one for the watch over open stores, unless this one stopped before it did any work. */
  #workerStopped(): void {
    this.#worker = undefined
    if (this.#proved && this.#stores.size > 0) this.#startWorker()
    this.#finish(STOPPED)
    this.#next()
  }

  #finish(error: Extract<Reply, { ok: false }>['error']): void {
    const entry = this.#running
    this.#running = undefined
    entry?.settle({ id: entry.request.id, ok: false, error })
  }

  #fromWorker(message: Exclude<WorkerMessage, { kind: 'ready' }>): void {
    this.#proved = true
    if (message.kind === 'event') this.#announce(message.event)
    else {
      if (message.kind === 'failure') this.#finish(message.error)
      else if (message.kind === 'notYet') this.#askAgain()
      else this.#answered(message)
      this.#next()
    }
  }

  /** Puts the request that ran back among those that wait; others have their turn meanwhile. */
  #askAgain(): void {
    const entry = this.#running
    this.#running = undefined
    if (!entry) return
    setTimeout(() => {
      if (!entry.settled) this.#enqueue(entry)
    }, AGAIN_AFTER_MS)
  }

  #answered({ result, bytes }: Extract<WorkerMessage, { kind: 'answer' }>): void {
    const entry = this.#running
    this.#running = undefined
    if (!entry) return
    const { window, request, settled } = entry
    if (request.method === 'openStore') {
      const { store } = result as Result<'openStore'>
      const open = this.#stores.get(store.id) ?? { path: store.path, windows: new Set() }
      this.#stores.set(store.id, open)
      if (!settled && !window.closed) open.windows.add(window)
      this.#release(store.id)
    }
    entry.settle({ id: request.id, ok: true, result, ...(bytes && { bytes }) })
  }

  #announce(event: ExplorerEvent): void {
    if (event.type === 'notice') this.#notice(event.message)
    else if (event.type === 'storeChanged') this.#tellUsers(event.store.id, event)
    else if (event.type === 'decompressing') this.#tellUsers(event.store, event)
    else if (event.type === 'openFiles') this.#tellAll(event)
  }

  #notice(message: string): void {
    if (this.#notices.includes(message)) return
    this.#notices.push(message)
    this.#tellAll({ type: 'notice', message })
  }

  /** Tells the windows that have a store open. */
  #tellUsers(store: number, event: ExplorerEvent): void {
    for (const window of this.#stores.get(store)?.windows ?? []) window.send(event)
  }

  /** A backup is noted before any window can ask for it. */
  #tellOfJobs(event: ExplorerEvent): void {
    if (event.type === 'jobChanged') {
      const { kind, params, result, ended } = event.job
      if (kind === 'backup' && result !== null && ended !== null && !this.#closing) {
        const { path, originalSize, packageSize } = result
        const backup = { path, originalSize, packageSize, verified: ended }
        this.#have('rememberBackup', { source: params.source, backup })
      }
    }
    this.#tellAll(event)
  }

  #tellAll(event: ExplorerEvent): void {
    for (const window of this.#windows) window.send(event)
  }
}

const isHostMethod = (request: ValidRequest): request is ValidRequest & { method: HostMethod } =>
  (HOST_METHODS as readonly string[]).includes(request.method)
