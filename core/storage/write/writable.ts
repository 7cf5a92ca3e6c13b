import { type DType, itemsize, type Scalar } from '../../format/dtype.ts'
import { componentsOf, scalarAt } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { checkFunction } from '../../array/arguments.ts'
import { isScalar, storeScalar } from '../../array/cast.ts'
import { sizeOf } from '../../array/indexing.ts'
import { type ArrayLike, NDArray, rowCount, type Selected } from '../../array/ndarray.ts'
import type { ArrayReader } from '../read/reader.ts'
import { type AxisSelection, resolveSelection, slice } from '../../array/selection.ts'
import type { BinaryOp } from '../../array/ufunc/binary.ts'
import { arrayOperand, type Operand, scalarOperand } from '../../array/ufunc/operand.ts'
import type { UnaryOp } from '../../array/ufunc/unary.ts'
import { assign, entryOf } from './assign.ts'
import { type BlockWork, eachBlock } from './blocks.ts'
import { editElements } from './parallel-edit.ts'
import { type Elementwise, prepare } from './elementwise.ts'
import type { InPlaceFiles } from './in-place.ts'
import { toNDArray } from './input.ts'

const ROW_BLOCK_BYTES = 2 * 2 ** 20

/**
 * An array on disk that is edited in place, in bounded memory, over its logical rows; large ones by several threads.
 * Methods that change it return it. Arithmetic takes a scalar or whatever NumPy broadcasts to this array's shape.
 * Casting is NumPy's: integers wrap, and integer arrays refuse `idiv`, `rint`, roots, exponentials, logarithms, sines
 * and cosines (`CASTING`) before any change.
 */
export class WritableArray {
  readonly #reader: ArrayReader
  readonly #files: InPlaceFiles
  readonly #checkUsable: () => void
  readonly #start: number
  readonly #stop: number

  /** `checkUsable` throws when the batch has ended. `rows`: the logical rows [start, stop) of a view. */
  constructor(reader: ArrayReader, files: InPlaceFiles, checkUsable: () => void, rows?: readonly [number, number]) {
    this.#reader = reader
    this.#files = files
    this.#checkUsable = checkUsable
    ;[this.#start, this.#stop] = rows ?? [0, reader.activeRows]
  }

  get dtype(): DType {
    return this.#reader.dtype
  }

  /** Without the deleted rows. */
  get shape(): readonly number[] {
    return [this.#stop - this.#start, ...this.#reader.shape.slice(1)]
  }

  get ndim(): number {
    return this.shape.length
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  get nbytes(): number {
    return this.size * itemsize(this.dtype)
  }

  get length(): number {
    return rowCount(this.shape)
  }

  /** A view of the rows [start, stop), counted as in Python. Editing it edits the array. */
  rows(start?: number | null, stop?: number | null): WritableArray {
    const [indexer] = resolveSelection([slice(start, stop)], [this.length])
    if (indexer?.kind !== 'range')
      throw new NumPackError('ARGUMENT', 'rows() takes a start row and a stop row, which is not included')
    const from = this.#start + indexer.start
    return new WritableArray(this.#reader, this.#files, this.#checkUsable, [from, from + indexer.count])
  }

  /** Copies elements by a selection, one entry an axis; a scalar if every axis has an integer. */
  get<S extends AxisSelection[]>(...selection: S): Selected<S>
  get(...selection: AxisSelection[]): NDArray | Scalar {
    this.#checkUsable()
    if (this.#start === 0 && this.#stop === this.#reader.activeRows) return this.#reader.select(selection)
    const indexers = resolveSelection(selection, this.shape)
    // A view's rows are counted from its start: shift the entry that selects rows.
    const rowEntry = indexers.findIndex(({ kind }) => kind !== 'separator')
    return this.#reader.select(indexers.map((indexer, i) => entryOf(indexer, i === rowEntry ? this.#start : 0)))
  }

  /** Adds to each element. */
  iadd(other: Scalar | ArrayLike): this {
    return this.#arithmetic('add', other)
  }

  /** Subtracts from each element. */
  isub(other: Scalar | ArrayLike): this {
    return this.#arithmetic('subtract', other)
  }

  /** Multiplies each element. */
  imul(other: Scalar | ArrayLike): this {
    return this.#arithmetic('multiply', other)
  }

  /** Divides each element. */
  idiv(other: Scalar | ArrayLike): this {
    return this.#arithmetic('divide', other)
  }

  /** Integers to negative integer powers are refused. */
  ipow(other: Scalar | ArrayLike): this {
    return this.#arithmetic('power', other)
  }

  /** Takes the square root of each element. */
  sqrt(): this {
    return this.#function('sqrt')
  }

  /** Raises e to the power of each element. */
  exp(): this {
    return this.#function('exp')
  }

  /** Takes the natural logarithm of each element. */
  log(): this {
    return this.#function('log')
  }

  /** Takes the logarithm to base 2 of each element. */
  log2(): this {
    return this.#function('log2')
  }

  /** Takes the logarithm to base 10 of each element. */
  log10(): this {
    return this.#function('log10')
  }

  /** Takes the sine of each element, in radians. */
  sin(): this {
    return this.#function('sin')
  }

  /** Takes the cosine of each element, in radians. */
  cos(): this {
    return this.#function('cos')
  }

  /** To the nearest integer, ties to even. */
  rint(): this {
    return this.#function('rint')
  }

  /** Squares each element. */
  square(): this {
    return this.#function('square')
  }

  /** Absolute values; of complex numbers their length, as a complex number. */
  abs(): this {
    return this.#function('absolute')
  }

  /** Unsigned integers wrap. */
  negative(): this {
    return this.#function('negative')
  }

  /** Rounds each element down. */
  floor(): this {
    return this.#function('floor')
  }

  /** Rounds each element up. */
  ceil(): this {
    return this.#function('ceil')
  }

  /**
   * Replaces each element by `change(element)`. Elements are numbers, bigints (64-bit integers), booleans or
   * `{ re, im }`. A result that doesn't fit throws `CASTING`, after the blocks before it were changed.
   */
  apply(change: (value: Scalar) => Scalar): this {
    checkFunction(change, 'apply()')
    const { dtype } = this
    return this.#each(elements => {
      const count = elements.length / componentsOf(dtype)
      for (let i = 0; i < count; i++) storeScalar(dtype, elements, i, change(scalarAt(dtype, elements, i)))
    })
  }

  /**
   * Calls `change` with NDArrays of whole rows, some megabytes each, to be changed in place; a returned value is
   * assigned to the block. The next block overwrites this one. For example `block => np.tanh(block.toNumpy(np))`.
   */
  applyBlocks(change: (block: NDArray, firstRow: number) => ArrayLike | void): this {
    checkFunction(change, 'applyBlocks()')
    this.#checkUsable()
    const { dtype } = this
    const rowShape = this.shape.slice(1)
    const perBlock = Math.max(1, Math.floor(ROW_BLOCK_BYTES / Math.max(1, this.#reader.rowBytes)))
    const rowLength = sizeOf(rowShape) * componentsOf(dtype)
    using writer = this.#files.open(this.#reader.source)
    const memory = NDArray.zeros([Math.min(perBlock, this.length), ...rowShape], dtype).data
    for (let row = 0; row < this.length; row += perBlock) {
      const count = Math.min(perBlock, this.length - row)
      const block = this.#reader.readRows(
        this.#start + row,
        this.#start + row + count,
        memory.subarray(0, count * rowLength),
      )
      const result = change(block, row)
      if (result !== undefined) block.set('...', result)
      const rows: [number, number] = [this.#start + row, this.#start + row + count]
      eachBlock(this.#reader, writer, rows, (elements, first) => {
        const from = first * componentsOf(dtype)
        ;(elements as Float64Array).set(block.data.subarray(from, from + elements.length) as Float64Array)
      })
    }
    return this
  }

  /** Assigns to a selection as `NDArray.set` does. */
  set(selection: AxisSelection | readonly AxisSelection[], value: Scalar | ArrayLike): this {
    this.#checkUsable()
    const entries = Array.isArray(selection) ? (selection as AxisSelection[]) : [selection as AxisSelection]
    assign(this.#reader, this.#files, [this.#start, this.#stop], entries, value)
    return this
  }

  /** Assigns where a function or a mask is true: a bool array of the same shape, or of one axis for whole rows. */
  setWhere(where: ((value: Scalar) => boolean) | ArrayLike, value: Scalar | ArrayLike): this {
    if (typeof where !== 'function') return this.#setByMask(toNDArray(where, 'bool'), value)
    if (!isScalar(value)) throw new NumPackError('ARGUMENT', 'with a function, setWhere() takes a single value')
    const { dtype } = this
    const width = componentsOf(dtype)
    const stored = NDArray.zeros([1], dtype)
    storeScalar(dtype, stored.data, 0, value)
    return this.#each(elements => {
      for (let i = 0; i < elements.length / width; i++) {
        if (!where(scalarAt(dtype, elements, i))) continue
        for (let part = 0; part < width; part++) elements[width * i + part] = stored.data[part] as never
      }
    })
  }

  #setByMask(mask: NDArray, value: Scalar | ArrayLike): this {
    if (mask.dtype !== 'bool') throw new NumPackError('DTYPE', `a mask must be bool, not ${mask.dtype}`)
    if (mask.ndim === 1 && this.ndim > 1) return this.set([mask], value)
    if (!sameShape(mask.shape, this.shape)) {
      throw new NumPackError(
        'SHAPE',
        `a mask of shape (${mask.shape.join(', ')}) does not fit an array of shape (${this.shape.join(', ')})`,
      )
    }
    if (!isScalar(value)) throw new NumPackError('ARGUMENT', 'with a mask of elements, setWhere() takes a single value')
    const { dtype } = this
    const width = componentsOf(dtype)
    const stored = NDArray.zeros([1], dtype)
    storeScalar(dtype, stored.data, 0, value)
    return this.#each((elements, first) => {
      for (let i = 0; i < elements.length / width; i++) {
        if (mask.data[first + i] === 0) continue
        for (let part = 0; part < width; part++) elements[width * i + part] = stored.data[part] as never
      }
    })
  }

  #function(op: UnaryOp): this {
    return this.#elementwise({ kind: 'function', op })
  }

  #arithmetic(op: BinaryOp, other: Scalar | ArrayLike): this {
    const combine = (operand: Operand): this => this.#elementwise({ kind: 'arithmetic', op, operand })
    if (isScalar(other)) return combine(scalarOperand(op, this.dtype, other))
    const array = toNDArray(other)
    this.#checkBroadcasts(array.shape)
    const rowShape = this.shape.slice(1)
    if (array.size === 1 || sameShape(array.shape, this.shape) || sameShape(array.shape, rowShape))
      return combine(arrayOperand(array.dtype, array.data))
    const hasRows = array.ndim === this.ndim && array.shape[0] === this.length && this.length > 1
    if (!hasRows) {
      const row = broadcast(array.ndim === this.ndim ? withoutFirstAxis(array) : array, rowShape)
      return combine(arrayOperand(row.dtype, row.data))
    }
    // Throws CASTING or ARGUMENT before any block is changed.
    prepare({ kind: 'arithmetic', op, operand: arrayOperand(array.dtype, array.data) }, this.dtype)
    const perBlock = Math.max(1, Math.floor(ROW_BLOCK_BYTES / Math.max(1, this.#reader.rowBytes)))
    for (let row = 0; row < this.length; row += perBlock) {
      const stop = Math.min(this.length, row + perBlock)
      const part = broadcast(array.get(slice(row, stop)), [stop - row, ...rowShape])
      const operand = arrayOperand(part.dtype, part.data)
      this.rows(row, stop).#elementwise({ kind: 'arithmetic', op, operand })
    }
    return this
  }

  /** Throws `SHAPE` unless NumPy would broadcast `shape` to this array's. */
  #checkBroadcasts(shape: readonly number[]): void {
    const { shape: own } = this
    const extra = own.length - shape.length
    if (extra >= 0 && shape.every((length, axis) => length === 1 || length === own[axis + extra])) return
    throw new NumPackError(
      'SHAPE',
      `an array of shape (${shape.join(', ')}) can't be combined in place with one of shape (${own.join(', ')})`,
      { shape: own, given: shape },
    )
  }

  #elementwise(edit: Elementwise): this {
    this.#checkUsable()
    editElements(this.#reader, this.#files, [this.#start, this.#stop], edit)
    return this
  }

  #each(work: BlockWork): this {
    this.#checkUsable()
    using writer = this.#files.open(this.#reader.source)
    eachBlock(this.#reader, writer, [this.#start, this.#stop], work)
    return this
  }
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

const withoutFirstAxis = (array: NDArray): NDArray => new NDArray(array.dtype, array.shape.slice(1), array.data)

function broadcast(array: NDArray, shape: readonly number[]): NDArray {
  if (sameShape(array.shape, shape)) return array
  const result = NDArray.zeros(shape, array.dtype)
  result.set('...', array)
  return result
}
