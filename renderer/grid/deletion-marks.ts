import type { View } from '../../core/explorer/contract/types.ts'

/** How many strengths a mark can have. */
export const STRENGTHS = 4

/** A stretch of the scrollbar's track where rows are deleted, in pixels. */
export interface Mark {
  start: number
  length: number
  /** How many of its rows are deleted: from 0, few of them, to `STRENGTHS - 1`, most. */
  strength: number
}

/**
 * Where to mark deleted rows beside the grid: `shares` are the deleted shares of equal runs of rows on disk, `track` the
 * length of the track. In view `all` a mark covers the deleted rows' place; in view `active` it lies where they are left
 * out. In view `deleted` there is nothing to tell apart.
 */
export function deletionMarks(shares: readonly number[], view: View, track: number): Mark[] {
  if (view === 'deleted' || shares.length === 0) return []
  const marks: Mark[] = []
  const runOf = (share: number) => (view === 'all' ? 1 : 1 - share)
  let total = 0
  for (const share of shares) total += runOf(share)
  if (total === 0) return []
  let position = 0
  for (const share of shares) {
    const next = position + runOf(share)
    if (share > 0) {
      const start = Math.min(track - 1, Math.floor((position / total) * track))
      const stop = Math.max(start + 1, Math.floor((next / total) * track))
      const strength = Math.min(STRENGTHS - 1, Math.floor(share * STRENGTHS))
      const last = marks.at(-1)
      if (last?.strength === strength && start <= last.start + last.length) last.length = stop - last.start
      else marks.push({ start, length: stop - start, strength })
    }
    position = next
  }
  return marks
}

/** The marks of each strength as the path of an SVG as wide as the track. */
export const pathsOf = (marks: readonly Mark[], inset: number, width: number): string[] =>
  Array.from({ length: STRENGTHS }, (_, strength) =>
    marks
      .filter(mark => mark.strength === strength)
      .map(({ start, length }) => `M${inset} ${start}h${width}v${length}h${-width}z`)
      .join(''),
  )
