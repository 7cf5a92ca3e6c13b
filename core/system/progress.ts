import { NumPackError } from '../format/errors.ts'

/** How far an operation is. */
export interface Progress {
  readonly bytesDone: number
  readonly bytesTotal: number
  /** Bytes a second over the last seconds. */
  readonly rate: number
  /** null until a rate is known. */
  readonly secondsLeft: number | null
}

export const aborted = (): NumPackError =>
  new NumPackError('ABORTED', 'Cancelled; nothing was left behind and nothing was changed.')

const RATE_SECONDS = 3

/** `now` returns milliseconds. */
export function progressMeter(now: () => number = () => performance.now()): (done: number, total: number) => Progress {
  const samples = [{ time: now(), done: 0 }]
  return (bytesDone, bytesTotal) => {
    const time = now()
    samples.push({ time, done: bytesDone })
    while (samples.length > 2 && time - samples[1]!.time > RATE_SECONDS * 1000) samples.shift()
    const first = samples[0]!
    const seconds = (time - first.time) / 1000
    const rate = seconds > 0 ? Math.max(0, bytesDone - first.done) / seconds : 0
    const secondsLeft = rate > 0 ? Math.max(0, bytesTotal - bytesDone) / rate : null
    return { bytesDone, bytesTotal, rate, secondsLeft }
  }
}
