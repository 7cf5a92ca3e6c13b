import type { RowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { DType, TypedArray } from '../../core/format/dtype.ts'
import type { ElementKind } from '../../core/format/text.ts'
import type { Value, Values } from '../../core/format/values.ts'
import type { Shading } from './shade.ts'

export type Span = readonly [start: number, stop: number]

/** A cell by its position: `row` counts the rows of the row set, `column` counts along the last axis. */
export interface CellPosition {
  row: number
  column: number
}

export interface CellRange {
  rows: Span
  columns: Span
}

export interface GridSelection {
  cursor: CellPosition
  range: CellRange
}

export interface RowNumbers {
  /** Row number without the deleted rows; null for a deleted row. */
  logical: number | null
  physical: number
}

export interface NumbersOfRows {
  physical: Float64Array
  /** NaN for a deleted row. */
  logical: Float64Array
}

export interface GridWindow {
  rows: Span
  columns: Span
  /** rows x columns elements, C order (complex: interleaved; float16: bit patterns). */
  data: TypedArray
  /** null when both numbers of every row are its position. */
  rowNumbers: NumbersOfRows | null
  generation: number
}

/** The source of a grid's cells: one array, one row set, one index along the middle axes, one generation. */
export interface GridSource {
  /** Identifies the array, row set and index: sources with equal keys have the same cells at the same positions. */
  readonly key: string
  /** Identifies what shares column widths: the array and its cell format, in all row sets. */
  readonly layoutKey: string
  /** Grows when the array changes; blocks of older generations are dropped. */
  readonly generation: number
  readonly dtype: DType
  /** Pixels of the columns that the user resized, by column. The grid changes it. */
  readonly resized?: Record<number, number>
  readonly rows: number
  readonly columns: number
  readonly rowSet: Pick<RowSetFacts, 'numbering' | 'hasActive'>
  readonly physicalRows: number
  readonly deletedRows: number
  /** Reads a rectangle inside the source. Rejects with a BridgeError, `ABORTED` after the signal. */
  read(rows: Span, columns: Span, signal: AbortSignal): GridWindow | Promise<GridWindow>
  /** Returns the share of deleted rows (0..1) in each of `buckets` equal runs of rows on disk. */
  deletionMap(buckets: number, signal: AbortSignal): Promise<readonly number[]>
  /** Reads columns of evenly spread rows as numbers. Left out when columns have nothing to draw. */
  sampleColumns?(columns: Span, signal: AbortSignal): Promise<readonly Values[]>
  cellKind(data: TypedArray, index: number): ElementKind
  /** Returns the number that a cell's shade shows; NaN when it has none. */
  shadedNumber(data: TypedArray, index: number): Value
  /** Formats an element for a cell, and for copied text (ASCII, full precision). */
  cellText(data: TypedArray, index: number): string
  copyText(data: TypedArray, index: number): string
}

export interface ReadReport {
  milliseconds: number
  bytes: number
  rows: Span
  columns: Span
}

export type CopyStatus =
  | { state: 'reading'; cells: number; cellsDone: number }
  | { state: 'done'; cells: number; message: string }
  | { state: 'refused' | 'failed'; message: string }

export interface GridProps {
  source: GridSource
  label: string
  /** Top row and cursor at mount and when `source.key` changes (not its generation); default the first cell. */
  initialPlace?: CellPosition
  rowHeight?: number
  /** Pixels, without the histograms; default 28. */
  headerHeight?: number
  /** Whether a small histogram stands above each column's number; it makes the header 20 pixels higher. */
  histograms?: boolean
  /** Default null: no shades. */
  shading?: Shading
  /** Pixels of every column; by default widths follow the dtype and the texts. */
  columnWidth?: number
  onSelectionChange?: (selection: GridSelection | null) => void
  onTopRowChange?: (row: number) => void
  /** The user resized a column. */
  onColumnResize?: () => void
  onRead?: (report: ReadReport) => void
  /** A read failed. Its cells show that, and are read again when the grid next moves. Not called for aborted reads. */
  onError?: (error: Error) => void
  onCopy?: (status: CopyStatus) => void
}

export interface GridHandle {
  focus(): void
  /** Moves to a cell (clamped). 'start' (default) puts its row at the top, 'nearest' scrolls as far as needed. */
  goTo(row: number, column?: number, align?: 'start' | 'nearest'): void
  selection(): GridSelection | null
  topRow(): number
  /** Numbers of a row that was read and is still cached; null otherwise. */
  rowNumbers(row: number): RowNumbers | null
  /** Moves to a fraction (0..1) of all rows, as dragging the scrollbar does, and draws immediately. */
  scrollToFraction(fraction: number): void
  fullView(): CellRange
  /** Text of a cell on screen: '' while it is being read, null when it is not on screen. */
  shownText(row: number, column: number): string | null
  selectAll(): void
  /** Copies the selection; progress and outcome go to `onCopy`. A second call aborts the first. */
  copy(): Promise<void>
  cancelCopy(): void
}
