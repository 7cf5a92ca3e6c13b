import { useEffect, useMemo, useRef, useState } from 'react'
import { endOfReading } from '../state/end-of-reading.ts'
import { useApp } from '../state/hooks.ts'
import { throttle } from '../ui/throttle.ts'
import { type LinesRead, type LinesRequest, readLines } from './read-line.ts'

/** A line that grows need not be drawn anew with every piece. */
const DRAW_EVERY_MS = 100

/** A zoom that rests this long is read in detail. */
const REST_MS = 150

/** From this share of everything on, the coarse line is detailed enough. */
const MOST_DETAIL = 0.7

export interface Reading {
  read: LinesRead | null
  /** Milliseconds that it took so far. */
  elapsed: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
}

const STARTED: Reading = { read: null, elapsed: 0, state: 'reading' }

/** Lines as far as they are read, and how to stop; `key` says when they are other ones. null reads nothing. */
export function useLines(request: LinesRequest | null, key: string): { reading: Reading; cancel: () => void } {
  const app = useApp()
  const [latest, setLatest] = useState({ key, reading: STARTED })
  const controller = useRef<AbortController>(null)
  const wanted = useRef(request)
  useEffect(() => {
    wanted.current = request
  })
  useEffect(() => {
    const asked = wanted.current
    if (asked === null) return undefined
    const abort = new AbortController()
    controller.current = abort
    const since = performance.now()
    let soFar: LinesRead | null = null
    const show = (state: Reading['state']): void =>
      setLatest({ key, reading: { read: soFar && { ...soFar }, elapsed: performance.now() - since, state } })
    const draw = throttle(() => show('reading'), DRAW_EVERY_MS)
    const read = async (): Promise<void> => {
      const lines = readLines(app.bridge, asked, abort.signal, read => {
        soFar = read
        draw()
      })
      const end = await endOfReading(app, lines, abort.signal)
      if (end === null) return
      draw.cancel()
      show(end)
    }
    void read()
    return () => {
      draw.cancel()
      abort.abort()
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another key is what makes it read anew
  }, [app, key])
  const cancel = useMemo(() => () => controller.current?.abort('user'), [])
  return { reading: latest.key === key ? latest.reading : STARTED, cancel }
}

/** The part of the positions in view with some room around it; null where everything is in view. */
export function useDetail(
  size: number,
  key: string,
): {
  detail: readonly [number, number] | null
  onZoom: (range: readonly [number, number]) => void
} {
  const [detail, setDetail] = useState<{ key: string; range: readonly [number, number] } | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const onZoom = ([from, to]: readonly [number, number]): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const room = Math.ceil((to - from) / 2)
      const range = [Math.max(0, Math.floor(from) - room), Math.min(size, Math.ceil(to) + 1 + room)] as const
      setDetail((to - from) / size > MOST_DETAIL ? null : { key, range })
    }, REST_MS)
  }
  return { detail: detail?.key === key ? detail.range : null, onZoom }
}
