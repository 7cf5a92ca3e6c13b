import { formatGroupedNumber } from './grouped-number.ts'
import { DELETED_LABEL } from './row-label.ts'
import type { GridSource } from './grid-types.ts'

/** Pixels beside the numbers: 8 on each side and the border. */
const PADDING = 17
const MIN_WIDTH = 48
const ON_DISK_GAP = 8
/** On-disk numbers are set in 10.5 px, row numbers in 12 px. */
const ON_DISK_SCALE = 10.5 / 12

/** Pixels of the gutter, and of the on-disk numbers in it (0 when there are none). */
export interface GutterWidths {
  gutter: number
  onDisk: number
}

const digits = (count: number): number => formatGroupedNumber(Math.max(0, count - 1)).length

/** Returns widths that fit the highest row number, so that they never change while the grid scrolls. */
export function gutterWidths(
  { rows, physicalRows, deletedRows }: Pick<GridSource, 'rows' | 'physicalRows' | 'deletedRows'>,
  characterWidth: number,
): GutterWidths {
  const plain = digits(Math.max(rows, physicalRows - deletedRows))
  const label = deletedRows > 0 ? Math.max(plain, DELETED_LABEL.length) : plain
  const onDisk = deletedRows > 0 ? ON_DISK_GAP + digits(physicalRows) * characterWidth * ON_DISK_SCALE : 0
  return { gutter: Math.max(MIN_WIDTH, Math.ceil(PADDING + label * characterWidth + onDisk)), onDisk }
}
