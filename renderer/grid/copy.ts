import { formatGroupedNumber } from './grouped-number.ts'
import type { CellRange, CopyStatus, GridSource } from './grid-types.ts'

/** Limit of one copy: some 10 MB of text, which clipboards and spreadsheets still take. */
export const MAX_COPY_CELLS = 1_000_000
const CHUNK_CELLS = 32_768

const cellsText = (cells: number): string => `${formatGroupedNumber(cells)} ${cells === 1 ? 'cell' : 'cells'}`

export const cellCount = ({ rows, columns }: CellRange): number => (rows[1] - rows[0]) * (columns[1] - columns[0])

export function refusal(range: CellRange): string | null {
  const cells = cellCount(range)
  return cells <= MAX_COPY_CELLS
    ? null
    : `The selection has ${cellsText(cells)}; at most ${cellsText(MAX_COPY_CELLS)} can be copied. Select fewer rows or columns.`
}

export const doneMessage = (range: CellRange): string => `Copied ${cellsText(cellCount(range))}.`

/** Returns a range as tab-separated ASCII in full precision, read in chunks. Rejects as the source or signal does. */
export async function readText(
  source: GridSource,
  range: CellRange,
  signal: AbortSignal,
  onProgress: (status: CopyStatus) => void,
): Promise<string> {
  const { rows, columns } = range
  const width = columns[1] - columns[0]
  const cells = cellCount(range)
  const lines: string[] = []
  const step = Math.max(1, Math.floor(CHUNK_CELLS / width))
  const columnStep = Math.min(width, CHUNK_CELLS)
  for (let row = rows[0]; row < rows[1]; row += step) {
    const stop = Math.min(rows[1], row + step)
    const parts: string[][] = Array.from({ length: stop - row }, () => [])
    for (let column = columns[0]; column < columns[1]; column += columnStep) {
      signal.throwIfAborted()
      const columnStop = Math.min(columns[1], column + columnStep)
      const window = await source.read([row, stop], [column, columnStop], signal)
      if (window.rows[1] !== stop || window.generation !== source.generation) {
        throw new Error('The array changed while it was being copied. Copy it again.')
      }
      let at = 0
      for (const part of parts) {
        for (let c = column; c < columnStop; c++) part.push(source.copyText(window.data, at++))
      }
      onProgress({
        state: 'reading',
        cells,
        cellsDone: (row - rows[0]) * width + (columnStop - columns[0]) * parts.length,
      })
    }
    for (const part of parts) lines.push(part.join('\t'))
  }
  return lines.join('\n')
}
