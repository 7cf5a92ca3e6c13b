import type { RowRef } from '../../core/explorer/contract/types.ts'
import { formatInteger } from '../ui/format.ts'
import { parseIndex, readIndex } from '../ui/parse-index.ts'

export type ParsedRow = { ok: true; rowRef: RowRef; column: number | null } | { ok: false; message: string }

/** How many rows and columns there are to go to: rows that are not deleted, rows on disk, columns. */
export interface Extents {
  rows: number
  physicalRows: number
  columns: number
}

const HOW = 'Type a row number: 1234, -1 for the last row, #1234 for a row on disk, or 12, 5 for row 12 and column 5.'

const ROW_AND_COLUMN = /^(.*?)\s*[,;]\s*([^,;]*)$/

function rangeMessage(rows: number, physical: boolean): string {
  const [what, sign] = physical ? ['rows on disk', '#'] : ['rows', '']
  if (rows === 0) return `There are no ${what} to go to.`
  return `The ${what} go from ${sign}0 to ${sign}${formatInteger(rows - 1)}.`
}

/** Parses 1234, 1,234 (one number), -1 (from the end), #1234 (row on disk) or '12, 5' (row and column). */
export function parseRow(text: string, extents: Extents): ParsedRow {
  const whole = parseRowNumber(text, extents)
  if (whole !== null) return whole
  const [, rowText = '', columnText = ''] = ROW_AND_COLUMN.exec(text.trim()) ?? []
  const row = parseRowNumber(rowText, extents)
  if (row === null) return { ok: false, message: HOW }
  if (!row.ok) return row
  const column = parseIndex(columnText, extents.columns)
  return column.ok ? { ...row, column: column.index } : { ok: false, message: `Column: ${column.message}` }
}

function parseRowNumber(text: string, { rows, physicalRows }: Extents): ParsedRow | null {
  const trimmed = text.trim()
  const physical = trimmed.startsWith('#')
  const size = physical ? physicalRows : rows
  const row = readIndex(physical ? trimmed.slice(1) : trimmed, size)
  if (row === null) return null
  if (row < 0 || row >= size) return { ok: false, message: rangeMessage(size, physical) }
  return { ok: true, rowRef: { row, numbering: physical ? 'physical' : 'logical' }, column: null }
}
