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

/** What the host answers without the engine: what only it can do, and jobs. */
export class HostMethods {
  readonly #options: HostOptions
  readonly #jobs: Jobs
  readonly #notices: () => Promise<string[]>

  /** `notices` resolves once the engine has had its say. */
  constructor(options: HostOptions, jobs: Jobs, notices: () => Promise<string[]>) {
    this.#options = options
    this.#jobs = jobs
    this.#notices = notices
  }

  async answer(connection: Connection, { method, params }: HostRequest): Promise<Result<HostMethod>> {
    const { environment, pickFolder, pickPackages, pickTarget, showInFolder } = this.#options
    switch (method) {
      case 'environment': {
        const notices = await this.#notices()
        return { ...environment(), notices }
      }
      case 'pickFolder':
        if (!pickFolder) throw missing('folder dialog')
        return { paths: await pickFolder(connection) }
      case 'pickPackages':
        if (!pickPackages) throw missing('file dialog')
        return { paths: await pickPackages(connection) }
      case 'pickTarget':
        if (!pickTarget) throw missing('file dialog')
        return { path: await pickTarget(connection, params as Params<'pickTarget'>) }
      case 'showInFolder':
        if (!showInFolder) throw missing('file manager')
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
}
