import type { ColumnLayout } from './columns.ts'
import { Motion, towards } from './motion.ts'
import type { Extent, Position } from './position.ts'
import { rowsInView } from './position.ts'
import type { Wish } from './reader.ts'
import type { CellRange, Span } from './types.ts'

/** Rows read beyond each edge of the viewport, so that the first steps of a wheel find them. */
const MARGIN_ROWS = 8
const MAX_AHEAD_ROWS = 1024
/**
 * While the grid moves, rows are drawn this many at a time, before they come into view: a step between two such batches
 * moves layers and changes nothing in them, and what is out of view is rasterized without haste.
 */
const CHUNK_ROWS = 8
/** At least so many rows are drawn ahead of a movement: what a wheel moves in a frame. */
const LEAD_ROWS = 4

/** Where a movement leads within a fifth of a second: rows and pixels to the side, signed; 0 at rest. */
export interface Ahead {
  rows: number
  pixels: number
}

/** Follows the grid's position, to know where it will be soon. */
export class LookAhead {
  private readonly rowMotion = new Motion()
  private readonly columnMotion = new Motion()

  /** Forgets the movement: what comes next is a new place. */
  reset(): void {
    this.rowMotion.reset()
    this.columnMotion.reset()
  }

  /** Notes where the grid stands now, and tells where that leads. */
  follow(position: Position, extent: Extent, offset: number, viewWidth: number): Ahead {
    const now = performance.now()
    const inView = extent.viewHeight / extent.rowHeight
    const rows = this.rowMotion.predict(position.row + position.offset / extent.rowHeight, 2 * inView, now)
    return {
      rows: Math.max(-MAX_AHEAD_ROWS, Math.min(MAX_AHEAD_ROWS, rows)),
      pixels: this.columnMotion.predict(offset, 2 * viewWidth, now),
    }
  }
}

/** Rows that a viewport shows at most, at least in part. */
const mostInView = ({ viewHeight, rowHeight }: Extent): number => Math.ceil(viewHeight / rowHeight) + 1

/** Rows that `rowsToDraw` returns at most. */
export const mostRowsToDraw = (extent: Extent): number => mostInView(extent) + LEAD_ROWS + CHUNK_ROWS

/** The rows in view and, while the grid moves, those that come next, up to a multiple of CHUNK_ROWS. */
export function rowsToDraw(position: Position, extent: Extent, ahead: Ahead): Span {
  let start = position.row
  let stop = start + mostInView(extent)
  if (ahead.rows > 0) stop = Math.ceil((stop + LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
  if (ahead.rows < 0) start = Math.floor((start - LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
  return [Math.max(0, start), Math.min(extent.rows, stop)]
}

/** What to read: what is in view, and in the direction of a movement also what comes next. */
export function wishOf(position: Position, extent: Extent, columns: ColumnLayout, { rows, pixels }: Ahead): Wish {
  const [start, stop] = rowsInView(position, extent)
  const needed = {
    rows: [Math.max(0, start - MARGIN_ROWS), Math.min(extent.rows, stop + MARGIN_ROWS)] as const,
    columns: columns.inView(),
  }
  if (rows === 0 && pixels === 0) return { needed, ahead: null }
  const within = (share: number): CellRange => {
    const x = columns.offset + share * pixels
    return {
      rows: towards(needed.rows[0], needed.rows[1], share * rows, extent.rows),
      columns: [
        Math.min(needed.columns[0], columns.columnAt(x)),
        Math.max(needed.columns[1], Math.min(columns.count, columns.columnAt(x + columns.viewWidth) + 1)),
      ],
    }
  }
  return { needed, ahead: { soon: within(0.5), range: within(1) } }
}
