import type { Progress, Task } from '../../core/explorer/contract/types.ts'
import { bytesText, rateText, timeLeftText } from '../ui/format.ts'

/** Bytes, rate and time left of a task that runs; how far it came if it was cancelled. */
export function progressText(
  { bytesDone, bytesTotal, rate, secondsLeft }: Progress,
  state: Task['state'] = 'running',
): string {
  if (bytesTotal === 0) return state === 'running' ? 'Starting…' : 'Cancelled'
  const done = `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`
  if (state !== 'running') return `${done} · cancelled`
  return [done, rateText(rate), ...(secondsLeft === null ? [] : [`${timeLeftText(secondsLeft)} left`])].join(' · ')
}
