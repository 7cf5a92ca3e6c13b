import type { DType } from '../../format/dtype.ts'
import { sizeOf } from '../../array/indexing.ts'
import type { ArrayReader } from '../read/reader.ts'
import { SharedTurns } from '../../system/stop-signal.ts'
import { type BinaryOp, binary, type InPlace } from '../../array/ufunc/binary.ts'
import type { Operand } from '../../array/ufunc/operand.ts'
import { type UnaryOp, unary } from '../../array/ufunc/unary.ts'
import { eachBlock } from './blocks.ts'
import type { InPlaceFiles } from './in-place.ts'

export type Elementwise =
  | { readonly kind: 'function'; readonly op: UnaryOp }
  | { readonly kind: 'arithmetic'; readonly op: BinaryOp; readonly operand: Operand }

/** Throws `CASTING` or `ARGUMENT` if NumPy refuses the edit. */
export const prepare = (edit: Elementwise, dtype: DType): InPlace =>
  edit.kind === 'function' ? unary(edit.op, dtype) : binary(edit.op, dtype, edit.operand)

/** An edit of the logical rows [start, stop), in turns of a few rows each. */
export interface SharedEdit {
  readonly rows: readonly [number, number]
  readonly rowsPerTurn: number
  readonly edit: Elementwise
  readonly turns: SharedArrayBuffer
}

/** Takes turns until none is left or the edit is stopped. An error here stops the edit. */
export function takeTurns(reader: ArrayReader, files: InPlaceFiles, edit: SharedEdit): void {
  const { rows, rowsPerTurn } = edit
  const turns = new SharedTurns(edit.turns)
  const [start, stop] = rows
  const rowSize = sizeOf(reader.shape.slice(1))
  try {
    const work = prepare(edit.edit, reader.dtype)
    using writer = files.open(reader.source)
    while (!turns.isStopped) {
      const row = turns.take() * rowsPerTurn
      if (row >= stop - start) return
      const turn: [number, number] = [start + row, Math.min(start + row + rowsPerTurn, stop)]
      eachBlock(reader, writer, turn, (elements, first) => work(elements, row * rowSize + first))
    }
  } catch (error) {
    turns.stop()
    throw error
  }
}
