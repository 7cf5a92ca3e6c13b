import type { Job } from '../../core/explorer/contract/types.ts'
import {
  baseName,
  formatBytes,
  pluralize,
  formatPercent,
  formatRate,
  formatTimeLeft,
  removePath,
} from '../ui/format.ts'

/** What a job does, in a few words: 'Backing up data.npk'. */
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

/** Share that is done, 0..1. */
export const doneShare = ({ progress: { bytesDone, bytesTotal } }: Job): number =>
  bytesTotal > 0 ? Math.min(1, bytesDone / bytesTotal) : 0

/** Bytes, rate and time left of a job that runs. */
export function progressText({ kind, progress }: Job): string {
  const { bytesDone, bytesTotal, rate, secondsLeft } = progress
  if (bytesTotal === 0) return 'Starting…'
  // A backup reads everything twice: from the store, and back from the package.
  const step = kind === 'backup' && bytesDone >= bytesTotal / 2 ? 'Reading back: ' : ''
  const left = secondsLeft === null ? [] : [`${formatTimeLeft(secondsLeft)} left`]
  return step + [`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`, formatRate(rate), ...left].join(' · ')
}

/** Whether a job came to a good end. */
export const isGood = (job: Job): boolean =>
  job.state === 'done' && (job.kind !== 'verify' || job.result?.fault === null)

/** How a job ended, in one sentence. */
export function endText(job: Job): string {
  if (job.state === 'cancelled') return 'Cancelled. Nothing was left behind.'
  if (job.error !== null) return removePath(job.error.message, job.params.source)
  switch (job.kind) {
    case 'backup': {
      if (job.result === null) return ''
      const { path, originalSize, packageSize } = job.result
      const size = `${formatBytes(packageSize)}, ${formatPercent(packageSize, originalSize)} of ${formatBytes(originalSize)}`
      return `Backed up and verified: ${baseName(path)}, ${size}.`
    }
    case 'unpack':
      return job.result === null ? '' : `Unpacked to ${job.result.path}.`
    case 'verify':
      return job.result === null ? '' : verdict(job.result)
    default:
      return job satisfies never
  }
}

function verdict({
  path,
  fault,
  fileCount,
  missingCount,
}: NonNullable<Extract<Job, { kind: 'verify' }>['result']>): string {
  if (fault !== null) return removePath(fault.message, path)
  const missing = missingCount > 0 ? ` ${pluralize(missingCount, 'array')} of its metadata came without data.` : ''
  return `Whole: ${pluralize(fileCount, 'file')} and the checksum are as they were written.${missing}`
}
