import type { ColumnLayout } from './column-layout.ts'
import { Motion, extend } from './motion.ts'
import type { Extent, Position } from './position.ts'
import { rowsInView } from './position.ts'
import type { ReadRequest } from './block-reader.ts'
import type { CellRange, Span } from './grid-types.ts'

/** Rows read beyond each edge of the viewport, so that the first steps of a wheel need no request. */
const MARGIN_ROWS = 8
const MAX_AHEAD_ROWS = 1024
/** Rows per batch drawn ahead while the grid moves: steps between batches only move layers. */
const CHUNK_ROWS = 8
/** Least number of rows drawn ahead of a movement: what a wheel moves in a frame. */
const LEAD_ROWS = 4

/** How far the grid is expected to move within the time that a read may take, signed; 0 at rest. */
export interface Movement {
  rows: number
  pixels: number
}

export class LookAhead {
  readonly #rowMotion = new Motion()
  readonly #columnMotion = new Motion()

  reset(): void {
    this.#rowMotion.reset()
    this.#columnMotion.reset()
  }

  /** Notes the position of this frame and predicts the movement. A step of more than two viewports is none. */
  follow(position: Position, extent: Extent, offset: number, viewWidth: number): Movement {
    const now = performance.now()
    const inView = extent.viewHeight / extent.rowHeight
    const rows = this.#rowMotion.predict(position.row + position.offset / extent.rowHeight, 2 * inView, now)
    return {
      rows: Math.max(-MAX_AHEAD_ROWS, Math.min(MAX_AHEAD_ROWS, rows)),
      pixels: this.#columnMotion.predict(offset, 2 * viewWidth, now),
    }
  }
}

const mostInView = ({ viewHeight, rowHeight }: Extent): number => Math.ceil(viewHeight / rowHeight) + 1

export const mostRowsToDraw = (extent: Extent): number => mostInView(extent) + LEAD_ROWS + CHUNK_ROWS

/** Returns the rows to draw: those in view and, while the grid moves, the next ones, up to a multiple of CHUNK_ROWS. */
export function rowsToDraw(position: Position, extent: Extent, movement: Movement): Span {
  let start = position.row
  let stop = start + mostInView(extent)
  if (movement.rows > 0) stop = Math.ceil((stop + LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
  if (movement.rows < 0) start = Math.floor((start - LEAD_ROWS) / CHUNK_ROWS) * CHUNK_ROWS
  return [Math.max(0, start), Math.min(extent.rows, stop)]
}

/** Returns the request for the cells in view; prefetches the whole way ahead once cells of its first half are missing. */
export function readRequestOf(
  position: Position,
  extent: Extent,
  columns: ColumnLayout,
  { rows, pixels }: Movement,
): ReadRequest {
  const [start, stop] = rowsInView(position, extent)
  const needed = {
    rows: [Math.max(0, start - MARGIN_ROWS), Math.min(extent.rows, stop + MARGIN_ROWS)] as const,
    columns: columns.inView(),
  }
  if (rows === 0 && pixels === 0) return { needed, prefetch: null }
  const within = (share: number): CellRange => {
    const x = columns.offset + share * pixels
    return {
      rows: extend(needed.rows[0], needed.rows[1], share * rows, extent.rows),
      columns: [
        Math.min(needed.columns[0], columns.columnAt(x)),
        Math.max(needed.columns[1], Math.min(columns.count, columns.columnAt(x + columns.viewWidth) + 1)),
      ],
    }
  }
  return { needed, prefetch: { threshold: within(0.5), range: within(1) } }
}
