const PAGE = 10

/** Returns the index that a key moves to in a list; null for other keys. Text fields keep Home and End. */
export function movedIndex(key: string, at: number, length: number, inText: boolean): number | null {
  if (length === 0) return null
  const moves: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    ...(!inText && { Home: 0, End: length - 1 }),
  }
  const next = moves[key]
  return next === undefined ? null : Math.max(0, Math.min(next, length - 1))
}
