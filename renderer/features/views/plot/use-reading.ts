import { useEffect, useMemo, useRef, useState } from 'react'
import { endOfReading } from '../../../model/end-of-reading.ts'
import { useApp } from '../../../model/hooks.ts'
import { throttle } from '../../../ui/throttle.ts'

/** A growing plot need not be redrawn with every piece. */
const DRAW_EVERY_MS = 100

export interface Reading<Read> {
  read: Read | null
  elapsed: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
}

/** Reads until the signal and calls back after each piece, possibly with the same, grown object. */
type Read<R> = (signal: AbortSignal, onRead: (read: R) => void) => Promise<void>

const STARTED = { read: null, elapsed: 0, state: 'reading' } as const

/** Runs `read` whenever `key` changes; returns the data so far and how to stop. null reads nothing. */
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
