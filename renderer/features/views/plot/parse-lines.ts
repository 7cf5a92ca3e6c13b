import { formatInteger } from '../../../ui/format.ts'

export type ParsedLines = { ok: true; lines: number[] } | { ok: false; message: string }

/** Most lines drawn at once: more colours are indistinguishable. */
export const MOST_LINES = 16

const PART = /^(\d+)(?:-(\d+))?$/
const THOUSANDS = /(\d),(?=\d{3}(\D|$))/g

/** Parses a list of columns or rows: '0, 3, 8-11'. `size` is their number, `noun` their name in messages. */
export function parseLines(text: string, size: number, noun: 'column' | 'row'): ParsedLines {
  const lines = new Set<number>()
  const plain = text.replaceAll(THOUSANDS, '$1').replaceAll(/\s*[-–:]\s*/g, '-')
  for (const part of plain.split(/[,;\s]+/)) {
    if (part === '') continue
    const found = PART.exec(part)
    if (found === null) return { ok: false, message: `Write ${noun}s as in 0, 3, 8-11.` }
    const first = Number(found[1])
    const last = Number(found[2] ?? first)
    if (Math.max(first, last) >= size)
      return { ok: false, message: `The ${noun}s go from 0 to ${formatInteger(size - 1)}.` }
    if (last - first >= MOST_LINES) return { ok: false, message: `At most ${MOST_LINES} ${noun}s are drawn at once.` }
    for (let line = Math.min(first, last); line <= Math.max(first, last); line++) lines.add(line)
  }
  if (lines.size === 0) return { ok: false, message: `Write ${noun}s as in 0, 3, 8-11.` }
  if (lines.size > MOST_LINES) return { ok: false, message: `At most ${MOST_LINES} ${noun}s are drawn at once.` }
  return { ok: true, lines: [...lines].sort((a, b) => a - b) }
}

/** Formats a list of lines; runs of three or more as '8-11'. */
export function formatLines(lines: readonly number[]): string {
  const runs: [number, number][] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last && line === last[1] + 1) last[1] = line
    else runs.push([line, line])
  }
  return runs
    .map(([start, stop]) =>
      start === stop ? `${start}` : stop === start + 1 ? `${start}, ${stop}` : `${start}-${stop}`,
    )
    .join(', ')
}
