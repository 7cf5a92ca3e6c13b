import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { DEFAULT_SETTINGS } from '../contract/default-settings.ts'
import type { ExplorerEvent, Params, Reply, Result } from '../contract/types.ts'
import { EngineThread } from './engine-thread.ts'
import { errorBody } from '../contract/error-body.ts'
import { hostEventsOf } from './host-events.ts'
import type { Connection, HostOptions } from './host-options.ts'
import { HostMethods } from './host-methods.ts'
import { HostTurns } from './host-turns.ts'
import { type HereWaiting, isOwnWork, type Waiting, type WindowState } from './host-window.ts'
import { EngineTasks } from './engine-tasks.ts'
import { Tasks } from './tasks.ts'
import type { EngineMethod, WorkerMessage } from '../engine/messages.ts'
import { SharedStores } from './shared-stores.ts'
import { WaitingForRows } from './waiting-for-rows.ts'
import { checkRequest, type ValidRequest } from './validate.ts'
import { ABORTED, CLOSED, NOT_OPEN, STOPPED } from './host-errors.ts'
import { finishedBackup } from './finished-backup.ts'
import { shortenJobEvent } from './job-texts.ts'

/** More generations than one worker can assign: the next worker continues above them. */
const GENERATIONS_PER_WORKER = 1e9

/** The service for windows of any host. Passes one request at a time to the worker, taking turns between windows. */
export class ExplorerHost {
  readonly #options: HostOptions
  readonly #windows = new Set<WindowState>()
  /** Stands for the window in requests that the host makes itself. */
  readonly #own = this.#newWindow(() => {})
  readonly #turns: WindowState[] = []
  readonly #stores = new SharedStores<WindowState>()
  readonly #notices: string[]
  readonly #tasks: Tasks
  readonly #engineTasks: EngineTasks
  readonly #hostMethods: HostMethods
  readonly #engine: EngineThread
  /** As the engine has last read or changed them. */
  #settings = DEFAULT_SETTINGS
  #starts = 0
  #openRequests = 0
  #running: Waiting | undefined
  readonly #waitingForRows = new WaitingForRows<Waiting>()
  #closing = false

  constructor(options: HostOptions) {
    this.#options = options
    this.#notices = [...(options.notices ?? [])]
    this.#engine = new EngineThread({
      createWorker: options.createWorker,
      start: () => ({
        dataFolder: options.dataFolder,
        cacheFolder: options.cacheFolder,
        stores: this.#stores.paths,
        firstGeneration: this.#starts++ * GENERATIONS_PER_WORKER,
        lastStoreId: this.#stores.lastStoreId,
      }),
      onMessage: message => this.#fromWorker(message),
      onStopped: hadWorked => this.#engineStopped(hadWorked),
      onNotice: message => this.#notice(message),
    })
    this.#engineTasks = new EngineTasks(request => this.#engine.send(request))
    this.#tasks = new Tasks({
      sendToAll: event => this.#sendJobEvent(event),
      compressionThreads: () => this.#settings.workerThreads,
      runInEngine: (request, control) => this.#engineTasks.run(request, control),
      ...(options.jobRunners && { runners: options.jobRunners }),
    })
    this.#hostMethods = new HostMethods(options, this.#tasks, async () => {
      await this.#engine.ready
      return [...this.#notices]
    })
    this.#startEngine()
  }

  /** Number of jobs that closing the host would cancel. */
  get runningJobs(): number {
    return this.#tasks.runningJobs
  }

  readonly openPaths = (): string[] => this.#stores.paths.map(({ path }) => path)

  connect(send: (event: ExplorerEvent) => void): Connection {
    const window = this.#newWindow(send)
    this.#windows.add(window)
    return window.connection
  }

  #newWindow(send: (event: ExplorerEvent) => void): WindowState {
    const pathsOf = (): string[] => this.#stores.pathsOf(window)
    const connection: Connection = {
      get openPaths() {
        return pathsOf()
      },
      request: value => this.#request(window, value),
      cancel: id => this.#cancel(window, id),
      closeStore: store => this.#closeUnseen(window, store),
      hold: held => this.#hold(window, held),
      close: () => this.#disconnect(window),
    }
    const here = new HostTurns<HereWaiting>(entry => void this.#answerHere(entry))
    const window: WindowState = { send, waiting: [], here, open: new Map(), held: false, closed: false, connection }
    return window
  }

  /** Closes everything. Resolves with false if a thread waits for a disk: only force then ends the program. */
  async close(): Promise<boolean> {
    this.#closing = true
    for (const window of this.#windows) this.#disconnect(window)
    const ended = await Promise.all([this.#tasks.close(), this.#engine.close()])
    return ended.every(Boolean)
  }

  #request(window: WindowState, value: unknown): Promise<Reply> {
    const checked = checkRequest(value)
    if (!checked.ok) return Promise.resolve({ id: checked.id, ok: false, error: checked.error })
    const { request } = checked
    const refuse = (error: Extract<Reply, { ok: false }>['error']): Promise<Reply> =>
      Promise.resolve({ id: request.id, ok: false, error })
    if (window.closed) return refuse(CLOSED)
    const problem = this.#refusal(window, request)
    if (problem !== null) return refuse({ code: 'ARGUMENT', message: problem, details: {} })
    return new Promise(resolve => {
      const entry: Waiting = {
        window,
        request,
        settled: false,
        settle: reply => {
          if (entry.settled) return
          entry.settled = true
          window.open.delete(request.id)
          this.#waitingForRows.delete(entry)
          this.#openRequests--
          for (const event of hostEventsOf(request, reply)) this.#options.onEvent?.(event)
          resolve(reply)
        },
      }
      window.open.set(request.id, entry)
      this.#openRequests++
      if (isOwnWork(entry)) window.here.add(entry)
      else this.#enqueue(entry)
    })
  }

  #refusal(window: WindowState, { id, method }: ValidRequest): string | null {
    if (window.open.has(id)) return `the id ${id} is in use`
    if (window.open.size >= LIMITS.windowRequests)
      return `more than ${LIMITS.windowRequests} requests of this window are open`
    if (this.#openRequests >= LIMITS.requests) return `more than ${LIMITS.requests} requests are open`
    if (method === 'rememberBackup') return 'only the host remembers backups'
    if (method === 'listFolder' && this.#options.pickFolder) return 'This host has a folder dialog.'
    return null
  }

  #cancel(window: WindowState, id: number): void {
    const entry = window.open.get(id)
    if (!entry) return
    window.waiting = window.waiting.filter(other => other !== entry)
    if (isOwnWork(entry)) window.here.remove(entry)
    entry.settle({ id, ok: false, error: ABORTED })
    this.#next()
  }

  #hold(window: WindowState, held: boolean): void {
    if (held === window.held) return
    window.held = held
    window.here.hold(held)
    if (held) for (const entry of window.waiting) this.#waitingForRows.delete(entry)
    this.#takeTurn(window)
  }

  #leave(window: WindowState, store: number): void {
    this.#tasks.leaveAll(window, store)
    this.#stores.leave(store, window)
  }

  #closeUnseen(window: WindowState, store: number): void {
    if (!this.#stores.isOpenIn(store, window)) return
    this.#leave(window, store)
    this.#release(store)
  }

  #disconnect(window: WindowState): void {
    if (window.closed) return
    window.closed = true
    this.#windows.delete(window)
    window.waiting = []
    window.here.clear()
    for (const [id, entry] of window.open) entry.settle({ id, ok: false, error: CLOSED })
    this.#tasks.leaveAll(window)
    for (const id of this.#stores.leaveAll(window)) this.#release(id)
    this.#next()
  }

  async #answerHere(entry: HereWaiting): Promise<void> {
    const { request } = entry
    const { id } = request
    const closed = this.#refusalOfClosed(entry)
    if (closed !== null) return entry.settle(closed)
    try {
      entry.settle({ id, ok: true, ...(await this.#hostMethods.answer(entry.window, request)) })
    } catch (error) {
      entry.settle({ id, ok: false, error: errorBody(error) })
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

  #next(): void {
    while (!this.#running && !this.#closing) {
      // Between two requests, because a running one may begin to wait for the same array.
      for (const endReads of this.#waitingForRows.takeEnded()) this.#engine.send({ endReads })
      const window = this.#turns.shift()
      if (!window) return
      const entry = window.held ? undefined : window.waiting.shift()
      if (!entry) continue
      if (window.waiting.length > 0) this.#turns.push(window)
      const answer = this.#answerAtOnce(entry)
      if (answer !== null) entry.settle(answer)
      else this.#send(entry)
    }
  }

  #send(entry: Waiting): void {
    this.#running = entry
    try {
      this.#engine.send({ method: entry.request.method as EngineMethod, params: entry.request.params })
    } catch (error) {
      this.#finish(errorBody(error))
    }
  }

  /** Returns the reply to what the engine need not or must not see, or null. A window sees only its own stores. */
  #answerAtOnce({ window, request: { id, method, params } }: Waiting): Reply | null {
    if (method === 'openStore') return this.#storesRefusal(window, id)
    const { store } = params as { store?: number }
    if (store === undefined) return null
    const isOpen = window === this.#own || this.#stores.isOpenIn(store, window)
    if (method !== 'closeStore') return isOpen ? null : { id, ok: false, error: NOT_OPEN }
    if (isOpen) this.#leave(window, store)
    if (!isOpen || this.#stores.isUsed(store)) return { id, ok: true, result: {} }
    this.#stores.delete(store)
    return null
  }

  #refusalOfClosed({ window, request: { id, method, params } }: HereWaiting): Reply | null {
    if (method !== 'startTask') return null
    const task = params as Params<'startTask'>
    const isOpen = !('store' in task.params) || this.#stores.isOpenIn(task.params.store, window)
    return isOpen ? null : { id, ok: false, error: NOT_OPEN }
  }

  #storesRefusal(window: WindowState, id: number): Reply | null {
    const inWindow = this.#stores.countIn(window) >= LIMITS.windowStores
    if (!inWindow && this.#stores.size < LIMITS.stores) return null
    const message = inWindow
      ? `This window has ${LIMITS.windowStores} stores open, as many as it can: close one first.`
      : `${LIMITS.stores} stores are open in all windows, as many as can be: close one first.`
    return { id, ok: false, error: { code: 'ARGUMENT', message, details: {} } }
  }

  #release(id: number): void {
    if (!this.#stores.has(id) || this.#stores.isUsed(id) || this.#closing) return
    this.#requestItself('closeStore', { store: id })
  }

  #requestItself<M extends EngineMethod>(method: M, params: Params<M>): void {
    const request: ValidRequest = { id: 0, method, params }
    this.#enqueue({ window: this.#own, request, settled: true, settle: () => {} })
  }

  /** Ignores a failed start: the engine thread emits a notice, and each request gets the error. */
  #startEngine(): void {
    try {
      this.#engine.start()
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
    }
  }

  /** Starts a new engine to watch the open stores, unless the old one stopped before it did any work. */
  #engineStopped(hadWorked: boolean): void {
    for (const path of this.#stores.engineStopped())
      this.#notice(`${path} is closed: the engine stopped each time that it opened it again.`)
    this.#engineTasks.engineStopped(STOPPED)
    this.#finish(STOPPED)
    for (const entry of this.#waitingForRows.takeAll()) this.#enqueue(entry)
    if (hadWorked && this.#stores.size > 0 && !this.#closing) this.#startEngine()
    this.#next()
  }

  #finish(error: Extract<Reply, { ok: false }>['error']): void {
    const entry = this.#takeRunning()
    entry?.settle({ id: entry.request.id, ok: false, error })
  }

  /** Returns the request that the engine works on, and makes room for the next. */
  #takeRunning(): Waiting | undefined {
    const entry = this.#running
    this.#running = undefined
    return entry
  }

  #fromWorker(message: Exclude<WorkerMessage, { kind: 'ready' }>): void {
    if (message.kind === 'event') this.#sendEvent(message.event)
    else if ('task' in message) this.#engineTasks.handle(message)
    else if (message.kind === 'reopening') this.#stores.reopening(message.store, message.running)
    else if (message.kind === 'readable') this.#repeat(this.#waitingForRows.take(message))
    else {
      if (message.kind === 'failure') this.#finish(message.error)
      else if (message.kind === 'notYet') this.#retryWhenReadable(message)
      else this.#answered(message)
      this.#next()
    }
  }

  /** A held window, whose requests may stay for long, keeps nothing decompressed. */
  #repeat(entries: readonly Waiting[]): void {
    for (const entry of entries) {
      if (entry.window.held) this.#waitingForRows.delete(entry)
      this.#enqueue(entry)
    }
  }

  #retryWhenReadable(of: { store: number; array: string }): void {
    const entry = this.#takeRunning()
    if (entry && !entry.settled) this.#waitingForRows.add(of, entry)
    else this.#waitingForRows.noteCancelled(of)
  }

  #answered({ result, bytes }: Extract<WorkerMessage, { kind: 'answer' }>): void {
    const entry = this.#takeRunning()
    if (!entry) return
    const { window, request, settled } = entry
    if (request.method === 'openStore') {
      const { store } = result as Result<'openStore'>
      this.#stores.add(store.id, store.path)
      if (!settled && !window.closed) this.#stores.use(store.id, window)
      this.#release(store.id)
    }
    entry.settle({ id: request.id, ok: true, result, ...(bytes && { bytes }) })
  }

  #sendEvent(event: ExplorerEvent): void {
    if (event.type === 'notice') this.#notice(event.message)
    else if (event.type === 'storeChanged') this.#sendToUsers(event.store.id, event)
    else if (event.type === 'decompressing') this.#sendToUsers(event.store, event)
    else if (event.type === 'openFiles') this.#sendToAll(event)
    else if (event.type === 'settingsChanged') this.#settingsChanged(event)
  }

  #settingsChanged(event: Extract<ExplorerEvent, { type: 'settingsChanged' }>): void {
    this.#settings = event.settings
    this.#options.onEvent?.(event)
    this.#sendToAll(event)
  }

  #notice(message: string): void {
    if (this.#notices.includes(message) || this.#notices.length >= LIMITS.notices) return
    this.#notices.push(message)
    this.#sendToAll({ type: 'notice', message })
  }

  #sendToUsers(store: number, event: ExplorerEvent): void {
    for (const window of this.#stores.windowsOf(store)) window.send(event)
  }

  /** Sends an event about a job to all windows. Saves a new backup first, so that a window that asks for it gets it. */
  #sendJobEvent(event: ExplorerEvent): void {
    const backup = finishedBackup(event)
    if (backup !== null && !this.#closing) this.#requestItself('rememberBackup', backup)
    this.#sendToAll(shortenJobEvent(event))
  }

  #sendToAll(event: ExplorerEvent): void {
    for (const window of this.#windows) window.send(event)
  }
}
