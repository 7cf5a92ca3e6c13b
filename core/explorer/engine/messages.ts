import type { ErrorBody, ExplorerEvent, Method } from '../contract/types.ts'

/** The methods that the host answers itself; all others are the worker's. */
export const HOST_METHODS = [
  'environment',
  'pickFolder',
  'pickPackages',
  'pickTarget',
  'showInFolder',
  'startJob',
  'listJobs',
  'cancelJob',
  'dismissJob',
] as const satisfies Method[]

export type HostMethod = (typeof HOST_METHODS)[number]
export type EngineMethod = Exclude<Method, HostMethod>

/** What the worker is started with. */
export interface WorkerStart {
  /** The folder of the recents' file; null where the user has none. */
  dataFolder: string | null
  /** Where what is decompressed to be looked at lies meanwhile; null where the user has no such folder. */
  cacheFolder: string | null
  /** Stores that were open in a worker that stopped; they are opened again when somebody asks for them. */
  stores: { id: number; path: string }[]
  /** Generations count on from here, so that no window takes old rows for new ones after a restart. */
  firstGeneration: number
}

/** From the host to the worker: one at a time, and `close` as the last. */
export type WorkerRequest = { method: EngineMethod; params: unknown } | 'close'

/** From the worker to the host. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'answer'; result: unknown; bytes?: ArrayBuffer }
  | { kind: 'failure'; error: ErrorBody }
  /** What the request needs is not there yet: it is to be asked again soon. */
  | { kind: 'notYet' }
  | { kind: 'event'; event: ExplorerEvent }
  /** A store that was open before is being opened again, or this has ended. */
  | { kind: 'reopening'; store: number; running: boolean }
