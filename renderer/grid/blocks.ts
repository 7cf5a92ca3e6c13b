import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { itemsize } from '../../core/format/dtype.ts'
import type { GridSource, GridWindow, NumbersOfRows, RowNumbers, Span } from './grid-types.ts'

const CACHE_BYTES = 64 * 1024 * 1024
/** Memory that a block takes beside its elements: objects and typed arrays. */
const BLOCK_OVERHEAD_BYTES = 512

export interface BlockShape {
  rows: number
  columns: number
}

const WHOLE_ROW_BYTES = 400
const DIVIDED_ROW_BYTES = 128
/** A block has at least MIN_BLOCK_ROWS rows, and more while it stays within this many bytes. */
const BLOCK_BYTES = 3200
const MIN_BLOCK_ROWS = 8
const MAX_BLOCK_ROWS = 256

/** Returns small blocks, so that a far jump reads little more than it shows: at most 25 kB for 1440 x 900 pixels. */
export function blockShape(dtype: DType, columns: number): BlockShape {
  const size = itemsize(dtype)
  const width = columns * size <= WHOLE_ROW_BYTES ? Math.max(1, columns) : DIVIDED_ROW_BYTES / size
  let rows = MIN_BLOCK_ROWS
  while (rows < MAX_BLOCK_ROWS && 2 * rows * width * size <= BLOCK_BYTES) rows *= 2
  return { rows, columns: width }
}

export interface GridBlock {
  rows: Span
  columns: Span
  data: TypedArray
  rowNumbers: NumbersOfRows | null
  bytes: number
}

export const indexIn = (block: GridBlock, row: number, column: number): number =>
  (row - block.rows[0]) * (block.columns[1] - block.columns[0]) + column - block.columns[0]

export function rowNumbersIn(block: GridBlock, row: number): RowNumbers {
  const numbers = block.rowNumbers
  if (numbers === null) return { logical: row, physical: row }
  const at = row - block.rows[0]
  const logical = numbers.logical[at]!
  return { logical: Number.isNaN(logical) ? null : logical, physical: numbers.physical[at]! }
}

/** Cuts a read result into complete blocks. It must start at a block boundary and end at one or with the array. */
export function cutWindow(
  window: GridWindow,
  shape: BlockShape,
  source: { rows: number; columns: number },
): GridBlock[] {
  const blocks: GridBlock[] = []
  const [row0, row1] = window.rows
  const [column0, column1] = window.columns
  const stride = column1 - column0
  const numbers = window.rowNumbers
  const cells = stride * (row1 - row0)
  const perElement = cells === 0 ? 1 : window.data.length / cells
  for (let r0 = row0; r0 < row1; r0 += shape.rows) {
    const r1 = Math.min(r0 + shape.rows, source.rows)
    if (r1 > row1) break
    const rowNumbers =
      numbers === null
        ? null
        : {
            physical: numbers.physical.slice(r0 - row0, r1 - row0),
            logical: numbers.logical.slice(r0 - row0, r1 - row0),
          }
    for (let c0 = column0; c0 < column1; c0 += shape.columns) {
      const c1 = Math.min(c0 + shape.columns, source.columns)
      if (c1 > column1) break
      const data = cutElements(window.data, perElement, stride, [r0 - row0, r1 - row0], [c0 - column0, c1 - column0])
      const bytes = data.byteLength + (rowNumbers === null ? 0 : 16 * (r1 - r0)) + BLOCK_OVERHEAD_BYTES
      blocks.push({ rows: [r0, r1], columns: [c0, c1], data, rowNumbers, bytes })
    }
  }
  return blocks
}

function cutElements(data: TypedArray, perElement: number, stride: number, rows: Span, columns: Span): TypedArray {
  const width = (columns[1] - columns[0]) * perElement
  const start = (row: number) => (row * stride + columns[0]) * perElement
  if (columns[1] - columns[0] === stride)
    return data.slice(start(rows[0]), start(rows[0]) + width * (rows[1] - rows[0]))
  const cut = data.slice(0, width * (rows[1] - rows[0]))
  for (let row = rows[0]; row < rows[1]; row++) {
    // Both have the same class: `cut` is a slice of `data`.
    cut.set(data.subarray(start(row), start(row) + width) as never, (row - rows[0]) * width)
  }
  return cut
}

/** LRU cache of blocks, keyed by source, generation and position. */
export class BlockCache {
  readonly #limit: number
  readonly #blocks = new Map<string, GridBlock>()
  #total = 0

  constructor(limit = CACHE_BYTES) {
    this.#limit = limit
  }

  get bytes(): number {
    return this.#total
  }

  has(key: string): boolean {
    return this.#blocks.has(key)
  }

  get(key: string): GridBlock | undefined {
    const block = this.#blocks.get(key)
    if (block === undefined) return undefined
    this.#blocks.delete(key)
    this.#blocks.set(key, block)
    return block
  }

  put(key: string, block: GridBlock): void {
    this.#remove(key)
    this.#blocks.set(key, block)
    this.#total += block.bytes
    for (const oldest of this.#blocks.keys()) {
      if (this.#total <= this.#limit) break
      this.#remove(oldest)
    }
  }

  drop(prefix: string): void {
    for (const key of this.#blocks.keys()) if (key.startsWith(prefix)) this.#remove(key)
  }

  #remove(key: string): void {
    const block = this.#blocks.get(key)
    if (block === undefined) return
    this.#blocks.delete(key)
    this.#total -= block.bytes
  }
}

export const keyPrefix = ({ key, generation }: Pick<GridSource, 'key' | 'generation'>): string =>
  `${key}@${generation}#`
