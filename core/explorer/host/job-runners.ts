import { LIMITS } from '../../format/limits.ts'
import { getPackageInfo, pack, unpack, verifyPackage } from '../../packages/index.ts'
import type { PackageReport } from '../../packages/verify.ts'
import type { JobKind, JobParams, JobResult, Progress } from '../contract/types.ts'

export interface JobControl {
  /** Aborted when the job is cancelled: the runner then rejects, with `ABORTED`, once everything is as it was before. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** Threads that compress; undefined for as many as the machine suggests. */
  readonly compressionThreads?: number | undefined
}

/** How each kind of job is done. Rejects with NumPackError. The work itself belongs into another thread. */
export type JobRunners = {
  readonly [K in JobKind]: (params: JobParams<K>, control: JobControl) => Promise<JobResult<K>>
}

export const JOB_RUNNERS: JobRunners = {
  async backup({ source, target, overwrite }, { compressionThreads, ...control }) {
    const path = await pack(source, target, { ...control, threads: compressionThreads, overwrite, verify: true })
    const { fileCount, files, totalOriginalSize, packageSize } = await getPackageInfo(path)
    const notOnWindows = files.filter(({ windowsProblem }) => windowsProblem !== null).length
    return { path, files: fileCount, originalSize: totalOriginalSize, packageSize, notOnWindows }
  },
  async unpack({ source, target, overwrite }, control) {
    return { path: await unpack(source, target, { ...control, overwrite }) }
  },
  async verify({ source }, control) {
    const report = await verifyPackage(source, control)
    return boundedReport(report)
  },
}

/** Keeps all counts of a report, and as much of its lists as fits. */
export function boundedReport(report: PackageReport): JobResult<'verify'> {
  const { path, version, files, storedChecksum, computedChecksum, fault, missingArrays } = report
  const [faulty, whole] = [files.filter(isFaulty), files.filter(file => !isFaulty(file))]
  return {
    path,
    version,
    fileCount: files.length,
    files: firstOf([...faulty, ...whole]),
    storedChecksum,
    computedChecksum,
    fault,
    missingCount: missingArrays.length,
    missingArrays: firstOf(missingArrays),
  }
}

const isFaulty = ({ fault }: { fault: unknown }): boolean => fault !== null

function firstOf<T>(values: readonly T[]): T[] {
  let bytes = 0
  const tooMany = values.slice(0, LIMITS.verifiedFiles).findIndex(value => {
    bytes += Buffer.byteLength(JSON.stringify(value))
    return bytes > LIMITS.verifiedBytes
  })
  return values.slice(0, tooMany === -1 ? LIMITS.verifiedFiles : tooMany)
}
