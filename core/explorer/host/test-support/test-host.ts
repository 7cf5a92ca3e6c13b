import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { METHODS } from '../../contract/schemas.ts'
import type { ExplorerEvent, Method, Params, Reply, Result } from '../../contract/types.ts'
import { ExplorerHost } from '../host.ts'
import type { Connection, HostOptions } from '../host-options.ts'

export function startTestHost(
  dataFolder: string,
  { onWorker, ...options }: Partial<HostOptions> & { onWorker?: (worker: Worker) => void } = {},
): ExplorerHost {
  return new ExplorerHost({
    createWorker: workerData => {
      const worker = new Worker(join(import.meta.dirname, '../../engine/worker.ts'), { workerData })
      onWorker?.(worker)
      return worker
    },
    dataFolder,
    cacheFolder: join(dataFolder, 'cache'),
    environment: () => ({
      host: 'browser',
      platform: 'linux',
      version: '1.2.3',
      homeFolder: '/home/ada',
      sampleStore: '/sample.npk',
      canPickFolder: true,
      canShowInFolder: true,
    }),
    ...options,
  })
}

let lastId = 0

/** A window on a host. Throws when a result or an event breaks the contract. */
export class TestWindow {
  readonly connection: Connection
  readonly events: ExplorerEvent[] = []
  readonly #waiting = new Set<() => void>()

  constructor(host: ExplorerHost) {
    this.connection = host.connect(event => {
      this.events.push(event)
      for (const look of this.#waiting) look()
    })
  }

  get lastId(): number {
    return lastId
  }

  async ask<M extends Method>(method: M, params: Params<M>): Promise<Reply> {
    const reply = await this.connection.request({ id: ++lastId, method, params })
    if (reply.ok) METHODS[method].result.parse(reply.result)
    return reply
  }

  async get<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const reply = await this.ask(method, params)
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.result as Result<M>
  }

  /** Resolves with the first value other than undefined that `wanted` returns for a past or future event. */
  event<T>(wanted: (event: ExplorerEvent) => T | undefined): Promise<T> {
    return new Promise(resolve => {
      const look = (): void => {
        for (const event of this.events) {
          const found = wanted(event)
          if (found === undefined) continue
          this.#waiting.delete(look)
          resolve(found)
          return
        }
      }
      this.#waiting.add(look)
      look()
    })
  }
}

export const codeOf = (reply: Reply): string | undefined => (reply.ok ? undefined : reply.error.code)
