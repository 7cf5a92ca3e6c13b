import { useEffect, useMemo, useRef, useState } from 'react'
import { endOfReading } from '../../../model/end-of-reading.ts'
import { useApp } from '../../../model/hooks.ts'
import { throttle } from '../../../ui/throttle.ts'

/** A growing plot need not be redrawn with every piece. */
const DRAW_EVERY_MS = 100

export interface Reading<Read> {
  /** What to draw: while data that has changed is read again, the old data. */
  read: Read | null
  /** What has been read so far. */
  newest: Read | null
  elapsed: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
}

interface Latest<R> {
  key: string
  about: string
  /** The last data of the same picture that was read to the end. */
  complete: R | null
  reading: Reading<R>
}

/** Reads until the signal and calls back after each piece, possibly with the same, grown object. */
type Read<R> = (signal: AbortSignal, onRead: (read: R) => void) => Promise<void>

const STARTED = { read: null, newest: null, elapsed: 0, state: 'reading' } as const

/**
 * Runs `read` whenever `key` changes; returns the data so far and how to stop. null reads nothing. Under another key with
 * the same `about`, the old data stays until all of the new is there.
 */
export function useReading<R extends object>(
  read: Read<R> | null,
  key: string,
  about: string,
): { reading: Reading<R>; cancel: () => void } {
  const app = useApp()
  const [latest, setLatest] = useState<Latest<R>>({ key, about, complete: null, reading: STARTED })
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
    const show = (state: Reading<R>['state']): void => {
      const newest = soFar && { ...soFar }
      const elapsed = performance.now() - since
      setLatest(before => {
        const complete = state === 'done' ? newest : before.about === about ? before.complete : null
        return { key, about, complete, reading: { read: complete ?? newest, newest, elapsed, state } }
      })
    }
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
  }, [app, key, about])
  const cancel = useMemo(() => () => controller.current?.abort('user'), [])
  const isAgain = latest.key !== key && latest.about === about
  const reading = latest.key === key ? latest.reading : STARTED
  return { reading: isAgain ? { ...reading, read: latest.reading.read } : reading, cancel }
}
