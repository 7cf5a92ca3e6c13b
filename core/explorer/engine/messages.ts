import type { PlainError } from '../../format/errors.ts'
import type {
  ErrorBody,
  ExplorerEvent,
  Figures,
  Method,
  Progress,
  Reading,
  ArrayTaskRequest,
} from '../contract/types.ts'

export const HOST_METHODS = [
  'environment',
  'takeStartPaths',
  'openWindow',
  'zoomWindow',
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

export interface WorkerStart {
  dataFolder: string | null
  cacheFolder: string | null
  /** Stores that were open in a worker that stopped. The new worker opens each one when it is next needed. */
  stores: { id: number; path: string }[]
  /** First generation to assign. Later workers start higher, so that no window takes old rows for new ones. */
  firstGeneration: number
  /** The greatest id that a store had in earlier workers; 0 for none. */
  lastStoreId: number
}

export interface ArrayTaskResult {
  readonly figures: Figures | null
  readonly reading: Reading | null
  readonly bytes: ArrayBuffer | null
}

/** From the host to the worker: requests one at a time, `endReads` between them, tasks at any time, and `close` as the last. */
export type WorkerRequest =
  | { method: EngineMethod; params: unknown }
  | { startTask: number; request: ArrayTaskRequest }
  | { cancelTask: number }
  /** No request that was answered `notYet` for this array is repeated any more: all were answered or cancelled. */
  | { endReads: { store: number; array: string } }
  | 'close'

/** Messages of the worker about a task. After a task is cancelled, none follow. */
export type TaskMessage =
  | { kind: 'taskProgress'; task: number; progress: Progress; result: ArrayTaskResult | null }
  | { kind: 'taskDone'; task: number; result: ArrayTaskResult }
  | { kind: 'taskFailed'; task: number; error: PlainError }

export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'answer'; result: unknown; bytes?: ArrayBuffer }
  | { kind: 'failure'; error: ErrorBody }
  /** The request needs rows of this array that are not decompressed yet. The host repeats it when they are `readable`. */
  | { kind: 'notYet'; store: number; array: string }
  | { kind: 'readable'; store: number; array: string }
  | TaskMessage
  | { kind: 'event'; event: ExplorerEvent }
  /** Reopening of a store after a restart begins (`running`) or has ended. */
  | { kind: 'reopening'; store: number; running: boolean }
