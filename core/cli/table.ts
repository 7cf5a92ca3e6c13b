/** Aligns columns, `numbers` to the right. The last one holds names, whose width is unknown, and is not padded. */
export function formatTable(rows: readonly (readonly string[])[], numbers: readonly number[]): string {
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
