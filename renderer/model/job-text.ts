import type { Job } from '../../core/explorer/contract/types.ts'
import { baseName, formatBytes, pluralize, formatPercent, removePath } from '../ui/format.ts'
import { formatProgress } from './task-text.ts'

export function jobTitle({ kind, params, state }: Job): string {
  const name = baseName(params.source)
  const running = state === 'running'
  switch (kind) {
    case 'backup':
      return running ? `Backing up ${name}` : `Backup of ${name}`
    case 'unpack':
      return running ? `Unpacking ${name}` : `Unpacking of ${name}`
    case 'verify':
      return running ? `Verifying ${name}` : `Verification of ${name}`
    default:
      return kind satisfies never
  }
}

/** Formats the progress of a job. A backup reads everything twice: from the store, and back from the package. */
export function jobProgressText({ kind, progress }: Job): string {
  const { bytesDone, bytesTotal } = progress
  const isReadingBack = kind === 'backup' && bytesTotal > 0 && bytesDone >= bytesTotal / 2
  return `${isReadingBack ? 'Reading back: ' : ''}${formatProgress(progress)}`
}

/** Returns whether a job is done and, if it is a verification, has found no fault. */
export const hasSucceeded = (job: Job): boolean =>
  job.state === 'done' && (job.kind !== 'verify' || job.result?.fault === null)

/** Says how a job ended; '' while it runs. */
export function jobEndText(job: Job): string {
  if (job.state === 'cancelled') return 'Cancelled. Nothing was left behind.'
  if (job.error !== null) return removePath(job.error.message, job.params.source)
  switch (job.kind) {
    case 'backup': {
      if (job.result === null) return ''
      const { path, originalSize, packageSize, notOnWindows } = job.result
      const size = `${formatBytes(packageSize)}, ${formatPercent(packageSize, originalSize)} of ${formatBytes(originalSize)}`
      const lost = notOnWindows > 0 ? ` ${pluralize(notOnWindows, 'file')} in it can’t be unpacked on Windows.` : ''
      return `Backed up and verified: ${baseName(path)}, ${size}.${lost}`
    }
    case 'unpack':
      return job.result === null ? '' : `Unpacked to ${job.result.path}.`
    case 'verify':
      return job.result === null ? '' : verificationText(job.result)
    default:
      return job satisfies never
  }
}

type VerificationResult = NonNullable<Extract<Job, { kind: 'verify' }>['result']>

function verificationText({ path, fault, fileCount, missingCount }: VerificationResult): string {
  if (fault !== null) return removePath(fault.message, path)
  const missing = missingCount > 0 ? ` ${pluralize(missingCount, 'array')} of its metadata came without data.` : ''
  return `Whole: ${pluralize(fileCount, 'file')} and the checksum are as they were written.${missing}`
}
