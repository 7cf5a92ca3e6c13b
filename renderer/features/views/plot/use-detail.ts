import { useEffect, useRef, useState } from 'react'

/** Delay before a changed zoom is read in detail, milliseconds. */
const REST_MS = 150

/** From this share of the whole on, the coarse line has enough detail. */
const MOST_DETAIL = 0.7

/** Returns the visible positions with some margin; null when everything is in view. */
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
      setDetail(before => {
        if ((to - from) / size > MOST_DETAIL) return null
        // The chart reports its zoom again after every new option; a new object would give it one for ever.
        return before?.key === key && String(before.range) === String(range) ? before : { key, range }
      })
    }, REST_MS)
  }
  return { detail: detail?.key === key ? detail.range : null, onZoom }
}
