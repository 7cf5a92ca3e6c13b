import { useEffect, useMemo, useRef, useState } from 'react'
import { endOfReading } from '../../../model/end-of-reading.ts'
import { useApp } from '../../../model/hooks.ts'
import { throttle } from '../../../ui/throttle.ts'

/** A picture that grows need not be drawn anew with every piece. */
const DRAW_EVERY_MS = 100

/** What is read piece by piece, as far as it came. */
export interface Reading<Read> {
  read: Read | null
  /** Milliseconds that it took so far. */
  elapsed: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
}

/** Reads until the signal; calls back after each piece, perhaps with the same object, grown. */
type Read<R> = (signal: AbortSignal, onRead: (read: R) => void) => Promise<void>

const STARTED = { read: null, elapsed: 0, state: 'reading' } as const

/** What `read` has read so far, and how to stop it; `key` says when it is something else. null reads nothing. */
export function useReading<R extends object>(
  read: Read<R> | null,
  key: string,
): { reading: Reading<R>; cancel: () => void } {
  const app = useApp()
  const [latest, setLatest] = useState<{ key: string; reading: Reading<R> }>({ key, reading: STARTED })
  const controller = useRef<AbortController>(null)
  const wanted = useRef(read)
  useEffect(() => {
    wanted.current = read
  })
  useEffect(() => {
    const start = wanted.current
    if (start === null) return undefined
    const abort = new AbortController()
    controller.current = abort
    const since = performance.now()
    let soFar: R | null = null
    const show = (state: Reading<R>['state']): void =>
      setLatest({ key, reading: { read: soFar && { ...soFar }, elapsed: performance.now() - since, state } })
    const draw = throttle(() => show('reading'), DRAW_EVERY_MS)
    const run = async (): Promise<void> => {
      const reading = start(abort.signal, read => {
        soFar = read
        draw()
      })
      const end = await endOfReading(app, reading, abort.signal)
      if (end === null) return
      draw.cancel()
      show(end)
    }
    void run()
    return () => {
      draw.cancel()
      abort.abort()
    }
  }, [app, key])
  const cancel = useMemo(() => () => controller.current?.abort('user'), [])
  return { reading: latest.key === key ? latest.reading : STARTED, cancel }
}
