import type { RowRef } from './row-ref.ts'
import { formatInteger } from '../ui/format.ts'
import { parseIndex, readIndex } from '../ui/parse-index.ts'

/** The parsed row, and the column if one was given, or a sentence for the user. */
export type ParsedRow = { ok: true; rowRef: RowRef; column: number | null } | { ok: false; message: string }

/** How many rows and columns there are to go to: rows that are not deleted, rows on disk, columns. */
export interface Extents {
  rows: number
  physicalRows: number
  columns: number
}

const HOW = 'Type a row number: 1234, -1 for the last row, #1234 for a row on disk, or 12, 5 for row 12 and column 5.'

/** What stands before and after a last comma or semicolon that separates a row from a column. */
const ROW_AND_COLUMN = /^(.*?)\s*[,;]\s*([^,;]*)$/

function rangeMessage(rows: number, physical: boolean): string {
  const what = physical ? 'rows on disk' : 'rows'
  if (rows === 0) return `There are no ${what} to go to.`
  return `The ${what} go from ${physical ? '#' : ''}0 to ${physical ? '#' : ''}${formatInteger(rows - 1)}.`
}

/**
 * Parses where to go: 1234, 1,234, -1 (from the end), #1234 (row on disk), or a row and a column, '12, 5'. Commas between
 * groups of three digits belong to one number.
 */
export function parseRow(text: string, extents: Extents): ParsedRow {
  const whole = parseRowAlone(text, extents)
  const pair = ROW_AND_COLUMN.exec(text.trim())
  if (whole !== null || pair === null) return whole ?? { ok: false, message: HOW }
  const row = parseRowAlone(pair[1] as string, extents)
  if (row === null || !row.ok) return row ?? { ok: false, message: HOW }
  const column = parseIndex(pair[2] as string, extents.columns)
  return column.ok ? { ...row, column: column.index } : { ok: false, message: `Column: ${column.message}` }
}

/** Returns null for a text that is no row number. */
function parseRowAlone(text: string, { rows, physicalRows }: Extents): ParsedRow | null {
  const [, hash, number] = /^\s*(#?)(.*)$/s.exec(text) as unknown as [string, string, string]
  const physical = hash === '#'
  const size = physical ? physicalRows : rows
  const row = readIndex(number, size)
  if (row === null) return null
  if (row < 0 || row >= size) return { ok: false, message: rangeMessage(size, physical) }
  return { ok: true, rowRef: { row, numbering: physical ? 'physical' : 'logical' }, column: null }
}
