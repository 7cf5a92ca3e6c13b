import { formatBytes, formatPercent, formatRate, formatTimeLeft } from '../format/quantities.ts'
import type { Progress } from '../system/progress.ts'

/** Width of a terminal that doesn't say its own. */
export const USUAL_COLUMNS = 80
const ERASE_LINE = '\r\u001b[K'

/** Formats progress in at most `columns` characters: 'Packing  41.2%  1.20 GB of 2.90 GB  210 MB/s  8 s left'. */
export function formatProgress(what: string, progress: Progress, columns: number): string {
  const { bytesDone, bytesTotal, rate, secondsLeft } = progress
  const parts = [
    what,
    formatPercent(bytesDone, bytesTotal).padStart(5),
    `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
    formatRate(rate),
  ]
  if (secondsLeft !== null) parts.push(`${formatTimeLeft(secondsLeft)} left`)
  while (parts.length > 2 && parts.join('  ').length > columns) parts.pop()
  return parts.join('  ').slice(0, columns)
}

/** A terminal line that is rewritten with each update and cleared at the end. Does nothing when `stream` is null. */
export class ProgressLine implements Disposable {
  readonly #what: string
  readonly #stream: NodeJS.WriteStream

  constructor(what: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#what = what
    this.#stream = stream
  }

  readonly show = (progress: Progress): void => {
    if (!this.#stream.isTTY) return
    // A full line would wrap on some terminals; a terminal without a size reports 0.
    const columns = (this.#stream.columns || USUAL_COLUMNS) - 1
    this.#stream.write(ERASE_LINE + formatProgress(this.#what, progress, columns))
  };

  [Symbol.dispose](): void {
    if (this.#stream.isTTY) this.#stream.write(ERASE_LINE)
  }
}
