import type { z } from 'zod'
import type * as basics from './basics.ts'
import type * as settings from './settings.ts'
import type * as statistics from './statistics.ts'
import type * as readings from './readings.ts'
import type * as schemas from './schemas.ts'
import type * as stores from './stores.ts'
import type * as tasks from './tasks.ts'

export type { RowSetName } from './row-sets.ts'
export type ArrayInfo = z.infer<typeof stores.ArrayInfo>
export type StoreInfo = z.infer<typeof stores.StoreInfo>
export type PackageFacts = z.infer<typeof stores.PackageFacts>
export type ArrayFile = z.infer<typeof stores.ArrayFile>
export type PackedFile = z.infer<typeof stores.PackedFile>
export type Place = z.infer<typeof stores.Place>
export type ArrangedPlace = z.infer<typeof stores.ArrangedPlace>
export type Arrangement = z.infer<typeof stores.Arrangement>
export type RowRef = z.infer<typeof stores.RowRef>
export type ArrayLocation = z.infer<typeof stores.ArrayLocation>
export type Recent = z.infer<typeof stores.Recent>
export type FolderEntry = z.infer<typeof stores.FolderEntry>
export type RealFigures = z.infer<typeof statistics.RealFigures>
export type Figures = z.infer<typeof statistics.Figures>
export type Reading = z.infer<typeof readings.Reading>
export type Settings = z.infer<typeof settings.Settings>
export type SettingName = keyof Settings
export type ExplorerEvent = z.infer<typeof schemas.ExplorerEvent>
export type ErrorBody = z.infer<typeof basics.ErrorBody>

export type JobKind = tasks.JobKind
export type JobParams<K extends JobKind> = z.infer<(typeof tasks.JOB_KINDS)[K]['params']>
export type JobResult<K extends JobKind> = z.infer<(typeof tasks.JOB_KINDS)[K]['result']>
export type JobRequest = z.infer<typeof tasks.JobRequest>
export type Job = z.infer<typeof tasks.Job>
export type ArrayTaskRequest = z.infer<typeof tasks.ArrayTaskRequest>
export type ArrayTaskKind = tasks.ArrayTaskKind
export type ArrayTaskParams<K extends ArrayTaskKind> = z.infer<(typeof tasks.ARRAY_TASK_KINDS)[K]['params']>
export type ArrayTask = z.infer<typeof tasks.ArrayTask>
export type TaskRequest = z.infer<typeof tasks.TaskRequest>
export type Task = z.infer<typeof tasks.Task>
export type Progress = z.infer<typeof tasks.Progress>

export type Method = keyof typeof schemas.METHODS
export type Params<M extends Method> = z.infer<(typeof schemas.METHODS)[M]['params']>
export type Result<M extends Method> = z.infer<(typeof schemas.METHODS)[M]['result']>

export type Answer<M extends Method> = (typeof schemas.METHODS)[M]['bytes'] extends true
  ? { result: Result<M>; bytes: ArrayBuffer }
  : { result: Result<M> }

/** One request on the wire. A window chooses the ids and never reuses one in a connection. */
export interface Request {
  id: number
  method: string
  params: unknown
}

export type Reply =
  | { id: number; ok: true; result: unknown; bytes?: ArrayBuffer }
  | { id: number; ok: false; error: ErrorBody }

/** The object that the preload script provides in an Electron window as `window.numpackExplorer`. */
export interface PreloadApi {
  request(request: Request): Promise<Reply>
  cancel(id: number): void
  subscribe(listener: (event: ExplorerEvent) => void): () => void
  /** The path of a dropped file or folder; '' when it has none. */
  pathForFile(file: File): string
}
