import type { RowRef } from './row-ref.ts'
import { formatInteger } from '../ui/format.ts'

/** The parsed row, or a sentence for the user. */
export type ParsedRow = { ok: true; rowRef: RowRef } | { ok: false; message: string }

const ROW = /^(#?)([-−]?)(\d+)$/
/** Thousands separators of people and spreadsheets. */
const SEPARATORS = /[\s,_'’]/g

function rangeMessage(rows: number, physical: boolean): string {
  const what = physical ? 'rows on disk' : 'rows'
  if (rows === 0) return `There are no ${what} to go to.`
  return `The ${what} go from ${physical ? '#' : ''}0 to ${physical ? '#' : ''}${formatInteger(rows - 1)}.`
}

/**
 * Parses a row number: 1234, 1,234, -1 (from the end), #1234 (row on disk). `rows` counts the active rows,
 * `physicalRows` those on disk.
 */
export function parseRow(text: string, rows: number, physicalRows: number): ParsedRow {
  const match = ROW.exec(text.replaceAll(SEPARATORS, ''))
  if (!match) return { ok: false, message: 'Type a row number: 1234, -1 for the last row, or #1234 for a row on disk.' }
  const physical = match[1] === '#'
  const size = physical ? physicalRows : rows
  const distance = Number(match[3])
  const row = match[2] === '' ? distance : size - distance
  if (row < 0 || row >= size) return { ok: false, message: rangeMessage(size, physical) }
  return { ok: true, rowRef: { row, numbering: physical ? 'physical' : 'logical' } }
}
