/** Control characters (Unicode Cc) and those that turn the direction of writing: a terminal obeys them. */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** A text from a file, safe to show on a terminal: control characters as escapes. */
export const printable = (text: string): string =>
  text.replace(CONTROLS, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * Rows of cells as lines, each column as wide as its widest cell; the columns of numbers to the right. The last column
 * is not padded: names go there, whose width on a terminal nobody knows.
 */
export function tableText(rows: readonly (readonly string[])[], numbers: readonly number[]): string {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), 0),
  )
  const cellText = (cell: string, column: number): string => {
    if (numbers.includes(column)) return cell.padStart(widths[column]!)
    return column === columns - 1 ? cell : cell.padEnd(widths[column]!)
  }
  return rows.map(row => row.map(cellText).join('  ').trimEnd()).join('\n')
}
