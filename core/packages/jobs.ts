import type { MessagePort } from 'node:worker_threads'
import type { Control } from './control.ts'
import { type PackJob, packStore } from './pack.ts'
import { type SpoolJob, spoolEntry } from './spool-job.ts'
import { type UnpackJob, unpackFile } from './unpack.ts'
import { type PackageReport, type VerifyJob, verifyFile } from './verify.ts'

export type PackageJob =
  | ({ readonly kind: 'pack' } & PackJob)
  | ({ readonly kind: 'unpack' } & UnpackJob)
  | ({ readonly kind: 'verify' } & VerifyJob)
  | ({ readonly kind: 'spool' } & SpoolJob)

export interface JobStart {
  readonly job: PackageJob
  /** Memory of the `StopSignal` that cancels the job. */
  readonly cancelled: SharedArrayBuffer
  /** Port that the thread, or the system, closes when the job has ended. */
  readonly life: MessagePort
}

/** `total`: as far as known. */
export interface JobProgress {
  readonly done: number
  readonly total: number
}

export async function runJob(job: PackageJob, control: Control): Promise<PackageReport | undefined> {
  if (job.kind === 'verify') return verifyFile(job, control)
  if (job.kind === 'pack') await packStore(job, control)
  else if (job.kind === 'unpack') await unpackFile(job, control)
  else await spoolEntry(job, control)
  return undefined
}
