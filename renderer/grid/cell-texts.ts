import { indexIn } from './blocks.ts'
import type { BlockReader } from './block-reader.ts'
import type { GridSource, Span } from './grid-types.ts'

/** Returns the texts of the cells of a range that are read already. */
export function cellTexts(source: GridSource, reader: BlockReader, rows: Span, columns: Span): string[] {
  const texts: string[] = []
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const block = reader.block(row, column)
      if (block !== undefined) texts.push(source.cellText(block.data, indexIn(block, row, column)))
    }
  }
  return texts
}
