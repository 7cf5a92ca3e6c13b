import type { Worker } from 'node:worker_threads'
import type { Params, Reply, Result } from '../contract/types.ts'
import type { WorkerStart } from '../engine/messages.ts'
import type { HostEvent } from './host-events.ts'
import type { JobRunners } from './job-runners.ts'

export interface HostOptions {
  createWorker: (start: WorkerStart) => Worker
  /** Folder of the database of recents; null when the user has no such folder. */
  dataFolder: string | null
  /** Folder for decompressed arrays of open packages; null when the user has no such folder. */
  cacheFolder: string | null
  /** Receives what windows do. The host's own requests cause no events. */
  onEvent?: (event: HostEvent) => void
  /** Returns the result of `environment` without what the explorer host knows by itself. */
  environment: () => Omit<Result<'environment'>, 'notices' | 'programs'>
  /** Returns the stores and packages that a window that starts should open: those on the command line, for example. */
  takeStartPaths?: (connection: Connection) => string[]
  /** Numbers the windows. By default all have number 1, and one that has no other beside it restores its session. */
  windowOf?: (connection: Connection) => { window: number; restores: boolean }
  /** Opens another window. Left out where pages open it with a ticket. */
  openWindow?: (paths: string[], connection: Connection) => void
  zoomWindow?: (direction: Params<'zoomWindow'>['direction']) => void
  /** One sentence for each thing that this host can't do. */
  notices?: string[]
  pickFolder?: (connection: Connection) => Promise<string[]>
  pickPackages?: (connection: Connection) => Promise<string[]>
  pickTarget?: (connection: Connection, params: Params<'pickTarget'>) => Promise<string | null>
  showInFolder?: (path: string) => Promise<void> | void
  jobRunners?: JobRunners
}

export interface Connection {
  /** Checks and answers a request, whatever its value. Never rejects. */
  request(request: unknown): Promise<Reply>
  readonly openPaths: string[]
  /** Answers an open request with `ABORTED`. If it is still waiting, it never reaches the engine. */
  cancel(id: number): void
  /** Closes a store without a reply: the window can't be sent it, or no longer needs it. */
  closeStore(store: number): void
  /** While `held`, the window's requests wait. For a transport that still has unsent replies. */
  hold(held: boolean): void
  /** Answers the window's requests with `CLOSED` and releases its stores. Idempotent. */
  close(): void
}
