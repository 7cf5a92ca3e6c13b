import type { View } from '../../core/explorer/contract/types.ts'
import type { DType, TypedArray } from '../../core/format/dtype.ts'
import type { ElementKind } from '../../core/format/text.ts'
import type { Shading } from './shade.ts'

/** [start, stop) of rows or columns. */
export type Span = readonly [start: number, stop: number]

/** A cell by its position: `row` counts the rows of the view, `column` counts along the last axis. */
export interface CellPosition {
  row: number
  column: number
}

/** A rectangle of cells. */
export interface CellRange {
  rows: Span
  columns: Span
}

/** The cell cursor and the selected rectangle around it (one cell unless extended). */
export interface GridSelection {
  cursor: CellPosition
  range: CellRange
}

/** What is known about a row once it was read. */
export interface RowNumbers {
  /** Row number without the deleted rows; null for a deleted row. */
  logical: number | null
  /** Row number on disk. */
  physical: number
}

/** A rectangle of elements as a source hands it out. */
export interface GridWindow {
  rows: Span
  columns: Span
  /** rows x columns elements, C order (complex: interleaved; float16: bit patterns). */
  data: TypedArray
  /** Row on disk, and 1 for deleted, of each row; null where every position is its row on disk. */
  rowNumbers: { physical: Float64Array; deleted: Uint8Array; firstLogical: number } | null
  /** The generation the elements belong to. */
  generation: number
}

/** Where a grid's cells come from: one array, one view, one index along the middle axes, one generation. */
export interface GridSource {
  /** Names the array, view and index: equal keys mean that a place in one source is the same place in the other. */
  readonly key: string
  /** Names what shares column widths: the array and the format of its cells, in all views. */
  readonly layoutKey: string
  /** Grows when the array changes; blocks of older generations are dropped. */
  readonly generation: number
  readonly dtype: DType
  /** Rows of the view. */
  readonly rows: number
  readonly columns: number
  readonly view: View
  /** Rows on disk, and how many of them are deleted. */
  readonly physicalRows: number
  readonly deletedRows: number
  /**
   * Reads a rectangle that lies inside the source; one in memory may answer at once. Rejects with a BridgeError,
   * `ABORTED` after the signal.
   */
  read(rows: Span, columns: Span, signal: AbortSignal): GridWindow | Promise<GridWindow>
  /** Share of deleted rows (0..1) in each of `buckets` equal runs of rows on disk. */
  deletionMap(buckets: number, signal: AbortSignal): Promise<readonly number[]>
  /**
   * Elements of some columns in rows that are spread over all that are not deleted (of a view of deleted rows: over
   * those), as numbers: for each column as many. Left out where there is nothing to draw of columns.
   */
  sampleColumns?(columns: Span, signal: AbortSignal): Promise<readonly Float64Array[]>
  cellKind(data: TypedArray, index: number): ElementKind
  /** The number that a cell's shade shows; NaN for an element without one. */
  shadedNumber(data: TypedArray, index: number): number
  /** The text of an element in a cell, and of one in copied text (plain ASCII, full precision). */
  cellText(data: TypedArray, index: number): string
  copyText(data: TypedArray, index: number): string
}

/** One read that was answered. */
export interface ReadReport {
  milliseconds: number
  bytes: number
  rows: Span
  columns: Span
}

/** How copying the selection goes. `message` is a sentence for the user. */
export type CopyStatus =
  | { state: 'reading'; cells: number; cellsDone: number }
  | { state: 'done'; cells: number; message: string }
  | { state: 'refused' | 'failed'; message: string }

export interface GridProps {
  source: GridSource
  /** Accessible name, for example 'features, float32'. */
  label: string
  /**
   * Where to start: the top row and the cursor; applied at mount and whenever `source.key` changes. Default: the first
   * cell. A source of the same key and another generation keeps the place.
   */
  initialPlace?: CellPosition
  /** Pixels; default 24. */
  rowHeight?: number
  /** Pixels; default 28. */
  headerHeight?: number
  /** Whether a small histogram stands above each column's number, in a header that is 20 pixels higher. */
  histograms?: boolean
  /** By what cells are shaded; default null: by nothing. */
  shading?: Shading
  /** Pixels of every column, for columns that must not follow their texts. Default: by dtype and texts. */
  columnWidth?: number
  /** The cursor or the selected range changed; null when the source has no cells. */
  onSelectionChange?: (selection: GridSelection | null) => void
  /** The first row in the viewport changed. */
  onTopRowChange?: (row: number) => void
  /** Fresh texts or row numbers arrived for the rows on screen. */
  onRead?: (report: ReadReport) => void
  /** A read failed; its cells say so, and are read again when the grid next moves. Never called for aborted reads. */
  onError?: (error: Error) => void
  onCopy?: (status: CopyStatus) => void
}

export interface GridHandle {
  focus(): void
  /**
   * Moves the cursor to a cell (clamped to the source) and selects it. `align` 'start' puts its row at the top of the
   * viewport, 'nearest' scrolls only as far as needed; default 'start'.
   */
  goTo(row: number, column?: number, align?: 'start' | 'nearest'): void
  selection(): GridSelection | null
  /** The first row in the viewport. */
  topRow(): number
  /** Numbers of a row that was read and is still cached; null otherwise. */
  rowNumbers(row: number): RowNumbers | null
  /** Moves to a fraction (0..1) of the way from the first row to the last, as dragging the scrollbar does; drawn at once. */
  scrollToFraction(fraction: number): void
  /** Rows and columns that are in full view. */
  fullView(): CellRange
  /** The text that a cell shows: '' while it is being read, null where it is not on screen. */
  shownText(row: number, column: number): string | null
  selectAll(): void
  /** Copies the selection as tab-separated text; progress and outcome go to `onCopy`. A second call aborts the first. */
  copy(): Promise<void>
  cancelCopy(): void
}
