import type { RowSetFacts } from '../../core/explorer/contract/row-sets.ts'

export const STRENGTHS = 4

export interface Mark {
  start: number
  length: number
  /** 0 when few of its rows are deleted, up to `STRENGTHS - 1` when most are. */
  strength: number
}

/**
 * Returns where to mark deleted rows. `shares` are the deleted shares of equal runs of rows on disk, `track` is in
 * pixels. A mark covers deleted rows if positions are physical, and shows their gap if they are logical.
 */
export function deletionMarks(shares: readonly number[], numbering: RowSetFacts['numbering'], track: number): Mark[] {
  if (numbering === null || shares.length === 0) return []
  const marks: Mark[] = []
  const runOf = (share: number) => (numbering === 'physical' ? 1 : 1 - share)
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

export const pathsOf = (marks: readonly Mark[], inset: number, width: number): string[] =>
  Array.from({ length: STRENGTHS }, (_, strength) =>
    marks
      .filter(mark => mark.strength === strength)
      .map(({ start, length }) => `M${inset} ${start}h${width}v${length}h${-width}z`)
      .join(''),
  )
