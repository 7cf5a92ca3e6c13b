import type { Worker } from 'node:worker_threads'
import type { Params, Reply, Result } from '../contract/types.ts'
import type { WorkerStart } from '../engine/messages.ts'
import type { JobRunners } from './job-runners.ts'

/** What a host brings: how the worker starts, and what only the host can do. */
export interface HostOptions {
  /** Starts the thread that runs `startWorker` of worker.ts with this workerData. */
  createWorker: (start: WorkerStart) => Worker
  /** The folder for the recents' file; null where the user has none. */
  dataFolder: string | null
  /** The folder for what is decompressed to be looked at; null where the user has none. */
  cacheFolder: string | null
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
