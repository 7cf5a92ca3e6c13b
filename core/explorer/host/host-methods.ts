import { NumPackError } from '../../format/errors.ts'
import type { Params, Result } from '../contract/types.ts'
import type { Connection, HostOptions } from './host.ts'
import type { Jobs } from './jobs.ts'
import { HOST_METHODS, type HostMethod } from '../engine/messages.ts'
import type { ValidRequest } from './validate.ts'

/** A request that the host answers itself. */
export type HostRequest = ValidRequest & { method: HostMethod }

export const isHostMethod = (request: ValidRequest): request is HostRequest =>
  (HOST_METHODS as readonly string[]).includes(request.method)

const missing = (what: string): NumPackError => new NumPackError('ARGUMENT', `This host has no ${what}.`)

type Handlers = {
  readonly [M in HostMethod]: (params: Params<M>, connection: Connection) => Result<M> | Promise<Result<M>>
}

/** What the host answers without the engine: what only it can do, and jobs. */
export class HostMethods {
  readonly #handlers: Handlers

  /** `notices` resolves once the engine has had its say. */
  constructor(options: HostOptions, jobs: Jobs, notices: () => Promise<string[]>) {
    const { pickFolder, pickPackages, pickTarget, showInFolder } = options
    this.#handlers = {
      environment: async () => {
        const sentences = await notices()
        return { ...options.environment(), notices: sentences }
      },
      pickFolder: async (_params, connection) => {
        if (!pickFolder) throw missing('folder dialog')
        return { paths: await pickFolder(connection) }
      },
      pickPackages: async (_params, connection) => {
        if (!pickPackages) throw missing('file dialog')
        return { paths: await pickPackages(connection) }
      },
      pickTarget: async (params, connection) => {
        if (!pickTarget) throw missing('file dialog')
        return { path: await pickTarget(connection, params) }
      },
      showInFolder: async ({ path }) => {
        if (!showInFolder) throw missing('file manager')
        await showInFolder(path)
        return {}
      },
      startJob: params => ({ job: jobs.start(params) }),
      listJobs: () => ({ jobs: jobs.list() }),
      cancelJob: ({ job }) => {
        jobs.cancel(job)
        return {}
      },
      dismissJob: ({ job }) => {
        jobs.dismiss(job)
        return {}
      },
    }
  }

  async answer(connection: Connection, { method, params }: HostRequest): Promise<Result<HostMethod>> {
    const handler = this.#handlers[method] as (params: unknown, connection: Connection) => Promise<Result<HostMethod>>
    return handler(params, connection)
  }
}
