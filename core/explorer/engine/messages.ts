import type { PlainError } from '../../format/errors.ts'
import type { ErrorBody, ExplorerEvent, Figures, Method, Progress, StatisticsRequest } from '../contract/types.ts'

/** The methods that the host answers itself; all others are the worker's. */
export const HOST_METHODS = [
  'environment',
  'pickFolder',
  'pickPackages',
  'pickTarget',
  'showInFolder',
  'startTask',
  'cancelTask',
  'readTaskResult',
  'listJobs',
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

/** The statistics of a task, as far as they are known: `figures` of an array, `bytes` of columns. */
export interface StatisticsResult {
  readonly figures: Figures | null
  readonly bytes: ArrayBuffer | null
}

/** From the host to the worker: requests one at a time, tasks at any time, and `close` as the last. */
export type WorkerRequest =
  | { method: EngineMethod; params: unknown }
  | { startTask: number; request: StatisticsRequest }
  | { cancelTask: number }
  | 'close'

/** What happens to a task in the worker. One that was cancelled sends nothing more. */
export type TaskMessage =
  | { kind: 'taskProgress'; task: number; progress: Progress; result: StatisticsResult | null }
  | { kind: 'taskDone'; task: number; result: StatisticsResult }
  | { kind: 'taskFailed'; task: number; error: PlainError }

/** From the worker to the host. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'answer'; result: unknown; bytes?: ArrayBuffer }
  | { kind: 'failure'; error: ErrorBody }
  /** What the request needs is not there yet: it is to be asked again soon. */
  | { kind: 'notYet' }
  | TaskMessage
  | { kind: 'event'; event: ExplorerEvent }
  /** A store that was open before is being opened again, or this has ended. */
  | { kind: 'reopening'; store: number; running: boolean }
