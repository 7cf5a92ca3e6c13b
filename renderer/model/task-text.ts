import type { Progress, Task } from '../../core/explorer/contract/types.ts'
import { formatBytes, formatRate, formatTimeLeft } from '../ui/format.ts'

export function formatProgress(
  { bytesDone, bytesTotal, rate, secondsLeft }: Progress,
  state: Task['state'] = 'running',
): string {
  if (bytesTotal === 0) return state === 'running' ? 'Starting…' : 'Cancelled'
  const done = `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`
  if (state !== 'running') return `${done} · cancelled`
  return [done, formatRate(rate), ...(secondsLeft === null ? [] : [`${formatTimeLeft(secondsLeft)} left`])].join(' · ')
}
