import { getPackageInfo, pack, unpack, verifyPackage } from '../packages/index.ts'
import type { JobKind, JobParams, JobResult, Progress } from './contract/types.ts'

/** What a running job is given. */
export interface JobControl {
  /** Aborted when the job is cancelled: the runner then rejects, with `ABORTED`, once everything is as it was before. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** How each kind of job is done. Rejects with NumPackError. The work itself belongs into another thread. */
export type JobRunners = {
  readonly [K in JobKind]: (params: JobParams<K>, control: JobControl) => Promise<JobResult<K>>
}

export const JOB_RUNNERS: JobRunners = {
  async backup({ source, target, overwrite }, control) {
    const path = await pack(source, target, { ...control, overwrite, verify: true })
    const { fileCount, totalOriginalSize, packageSize } = await getPackageInfo(path)
    return { path, files: fileCount, originalSize: totalOriginalSize, packageSize }
  },
  async unpack({ source, target, overwrite }, control) {
    return { path: await unpack(source, target, { ...control, overwrite }) }
  },
  async verify({ source }, control) {
    const report = await verifyPackage(source, control)
    return { ...report, files: [...report.files], missingArrays: [...report.missingArrays] }
  },
}
