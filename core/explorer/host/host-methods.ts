import { NumPackError } from '../../format/errors.ts'
import type { Answer, Params } from '../contract/types.ts'
import type { Connection, HostOptions } from './host-options.ts'
import { hostPrograms } from './host-programs.ts'
import type { TaskWindow, Tasks } from './tasks.ts'
import { HOST_METHODS, type HostMethod } from '../engine/messages.ts'
import type { ValidRequest } from './validate.ts'
import { WindowTickets } from './window-tickets.ts'

export type HostRequest = ValidRequest & { method: HostMethod }

export const isHostMethod = (request: ValidRequest): request is HostRequest =>
  (HOST_METHODS as readonly string[]).includes(request.method)

const missing = (what: string): NumPackError => new NumPackError('ARGUMENT', `This host has no ${what}.`)

export interface RequestingWindow extends TaskWindow {
  readonly connection: Connection
  readonly closed: boolean
}

type Handlers = {
  readonly [M in HostMethod]: (params: Params<M>, window: RequestingWindow) => Answer<M> | Promise<Answer<M>>
}

const DONE = { result: {} }

export class HostMethods {
  readonly #handlers: Handlers
  /** Windows that have asked for the start paths. */
  #started: readonly RequestingWindow[] = []
  readonly #tickets = new WindowTickets()

  /** `notices` resolves when the engine has started and sent its own. */
  constructor(options: HostOptions, tasks: Tasks, notices: () => Promise<string[]>) {
    const { pickFolder, pickPackages, pickTarget, showInFolder, openWindow, zoomWindow } = options
    this.#handlers = {
      environment: async () => {
        const sentences = await notices()
        return { result: { ...options.environment(), programs: hostPrograms(process.versions), notices: sentences } }
      },
      takeStartPaths: ({ ticket }, window) => {
        const { connection } = window
        const others = this.#started.filter(other => !other.closed && other !== window)
        this.#started = [...others, window]
        const numbered = options.windowOf?.(connection) ?? { window: 1, restores: others.length === 0 }
        if (ticket !== null) return { result: { ...numbered, paths: this.#tickets.take(ticket), restores: false } }
        return { result: { ...numbered, paths: options.takeStartPaths?.(connection) ?? [] } }
      },
      openWindow: ({ paths }, { connection }) => {
        const { openPaths } = connection
        if (!paths.every(path => openPaths.includes(path)))
          throw new NumPackError('ARGUMENT', 'A new window can have only stores that are open in this one.')
        if (!openWindow) return { result: { ticket: this.#tickets.issue(paths) } }
        openWindow(paths, connection)
        return { result: { ticket: null } }
      },
      zoomWindow: ({ direction }) => {
        if (!zoomWindow) throw missing('zoom')
        zoomWindow(direction)
        return DONE
      },
      pickFolder: async (_params, { connection }) => {
        if (!pickFolder) throw missing('folder dialog')
        return { result: { paths: await pickFolder(connection) } }
      },
      pickPackages: async (_params, { connection }) => {
        if (!pickPackages) throw missing('file dialog')
        return { result: { paths: await pickPackages(connection) } }
      },
      pickTarget: async (params, { connection }) => {
        if (!pickTarget) throw missing('file dialog')
        return { result: { path: await pickTarget(connection, params) } }
      },
      showInFolder: async ({ path }) => {
        if (!showInFolder) throw missing('file manager')
        await showInFolder(path)
        return DONE
      },
      startTask: (params, window) => ({ result: { task: tasks.start(window, params) } }),
      cancelTask: ({ task }, window) => {
        tasks.cancel(window, task)
        return DONE
      },
      readTaskResult: ({ task }, window) => {
        const { figures, reading, bytes } = tasks.result(window, task)
        return { result: { figures, reading }, bytes: bytes === null ? new ArrayBuffer(0) : bytes.slice(0) }
      },
      listJobs: () => ({ result: { jobs: tasks.list() } }),
      dismissJob: ({ job }) => {
        tasks.dismiss(job)
        return DONE
      },
    }
  }

  async answer(window: RequestingWindow, { method, params }: HostRequest): Promise<Answer<HostMethod>> {
    const handler = this.#handlers[method] as (params: unknown, window: RequestingWindow) => Promise<Answer<HostMethod>>
    return handler(params, window)
  }
}
