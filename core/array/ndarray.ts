import { type DType, DTYPES, itemsize, type Scalar, type TypedArray } from '../format/dtype.ts'
import { bytesOf, componentsOf, scalarAt, typedArrayOf } from '../format/elements.ts'
import { NumPackError } from '../format/errors.ts'
import { isArrayBufferView } from '../format/float16.ts'
import { LIMITS } from '../format/limits.ts'
import { checkOptions } from './arguments.ts'
import { castElements, isScalar, storeScalar } from './cast.ts'
import { gather, scatter } from './copy.ts'
import { broadcastShapes, broadcastStrides, planSelection, sizeOf } from './indexing.ts'
import { allocate, takingMemory } from './memory.ts'
import { simplify } from './plan.ts'
import { type ArrayFields, type AxisSelection, type Indexer, resolveSelection } from './selection.ts'
import { unitBytesOf, unitsOf } from './units.ts'

/** Values in lists, nested as deep as the array has axes. */
export type NestedList = readonly (Scalar | NestedList)[]

/** Accepted wherever an array is: an NDArray, a typed array, an array of numpy-ts, or a nested list. */
export type ArrayLike = NDArray | ArrayFields | TypedArray | NestedList

/** The part of numpy-ts' module object that `toNumpy` needs. */
export interface NumpyModule<A extends ArrayFields> {
  /** Creates an array of zeros. */
  zeros(shape: number[], dtype: DType): A
}

/** Result type of a selection: a scalar if every axis has an integer, otherwise an array. */
export type Selected<S extends readonly unknown[]> = S extends readonly [infer Entry, ...infer Rest]
  ? Extract<Entry, number | bigint> extends never
    ? NDArray
    : Selected<Rest>
  : NDArray | Scalar

/** An array in memory: C-contiguous elements of one dtype. Complex dtypes interleave re and im in `data`. */
export class NDArray {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: TypedArray

  /** Wraps `data` without copying or checking; `NDArray.from` and whatever stores the array check. */
  constructor(dtype: DType, shape: readonly number[], data: TypedArray) {
    this.dtype = dtype
    this.shape = shape
    this.data = data
  }

  /**
   * Creates an array from a typed array (shares its memory), a nested list or an array of numpy-ts. Default dtypes:
   * float64, int64 (bigints), bool, complex128 (`{ re, im }`). Throws `SHAPE`, `DTYPE` or `CASTING`.
   */
  static from(source: ArrayLike, options: { dtype?: DType; shape?: readonly number[] } = {}): NDArray {
    checkOptions(options, 'NDArray.from()')
    const { dtype, shape } = options
    if (dtype !== undefined && !DTYPES.includes(dtype)) throw dtypeError(dtype)
    const array = Array.isArray(source)
      ? fromList(source as NestedList, dtype)
      : fromMemory(source as ArrayFields, dtype)
    if (shape === undefined) return array
    checkShape(shape)
    if (sizeOf(shape) !== array.size) {
      throw new NumPackError('SHAPE', `${array.size} elements don't fill the shape (${shape.join(', ')})`, { shape })
    }
    return new NDArray(array.dtype, [...shape], array.data)
  }

  /** Creates an array of zeros in C order. */
  static zeros(shape: readonly number[], dtype: DType = 'float64'): NDArray {
    if (!DTYPES.includes(dtype)) throw dtypeError(dtype)
    checkShape(shape)
    const size = sizeOf(shape)
    const data = takingMemory(size * itemsize(dtype), () => new (typedArrayOf(dtype))(size * componentsOf(dtype)))
    return new NDArray(dtype, [...shape], data)
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

  /** Number of rows (length of the first axis). Throws `SHAPE` for a 0-D array. */
  get length(): number {
    return rowCount(this.shape)
  }

  /** Selects elements, one entry per axis: returns a copy, or a scalar if every axis has an integer. */
  get<S extends AxisSelection[]>(...selection: S): Selected<S>
  get(...selection: AxisSelection[]): NDArray | Scalar {
    const indexers = resolveSelection(selection, this.shape)
    if (selectsScalar(indexers, this.shape)) return scalarAt(this.dtype, this.data, flatIndex(indexers, this.shape))
    const unit = unitBytesOf(this.dtype)
    const { shape, plan } = planSelection(indexers, this.shape, itemsize(this.dtype) / unit)
    const data = allocate(this.dtype, sizeOf(shape))
    if (data.length > 0) gather(unitsOf(this.data, unit), 0, unitsOf(data, unit), 0, simplify(plan))
    return new NDArray(this.dtype, shape, data)
  }

  /** Assigns to a selection; the value is broadcast and cast. Throws `INDEX`, `SHAPE` or `CASTING`. */
  set(selection: AxisSelection | readonly AxisSelection[], value: Scalar | ArrayLike): void {
    const entries = Array.isArray(selection) ? (selection as AxisSelection[]) : [selection as AxisSelection]
    const indexers = resolveSelection(entries, this.shape)
    const values = toArray(value, this.dtype)
    const source = values.data.buffer === this.data.buffer ? values.data.slice() : values.data
    const unit = unitBytesOf(this.dtype)
    const itemUnits = itemsize(this.dtype) / unit
    const { shape: selected, plan } = planSelection(indexers, this.shape, itemUnits, {
      resultStridesOf: shape => {
        const valueShape = withoutExtraAxes(values.shape, shape)
        if (!sameShape(broadcastShapes(valueShape, shape), shape)) {
          throw new NumPackError(
            'SHAPE',
            `a value of shape (${valueShape.join(', ')}) can't fill (${shape.join(', ')})`,
            {
              shape,
            },
          )
        }
        return broadcastStrides(valueShape, shape, itemUnits)
      },
    })
    // There may be any number of rows without elements.
    if (sizeOf(selected) > 0) scatter(unitsOf(this.data, unit), unitsOf(source, unit), plan)
  }

  /** Iterates over rows: NDArrays with one axis less, which share this array's memory, or scalars for a 1-D array. */
  *[Symbol.iterator](): IterableIterator<NDArray | Scalar> {
    const rows = this.length
    const rowShape = this.shape.slice(1)
    const length = sizeOf(rowShape) * componentsOf(this.dtype)
    for (let row = 0; row < rows; row++) {
      if (rowShape.length === 0) yield scalarAt(this.dtype, this.data, row)
      else yield new NDArray(this.dtype, rowShape, this.data.subarray(row * length, (row + 1) * length))
    }
  }

  /** Returns nested lists, or the scalar of a 0-D array. Throws `SHAPE` for too many lists without elements. */
  toList(): Scalar | NestedList {
    const lists = this.size > 0 ? 0 : sizeOf(this.shape.slice(0, this.shape.indexOf(0)))
    if (lists > LIMITS.emptyLists) {
      throw new NumPackError(
        'SHAPE',
        `toList(): an array of shape (${this.shape.join(', ')}) is ${lists} empty lists; at most ${LIMITS.emptyLists} are made`,
        { lists, limit: LIMITS.emptyLists },
      )
    }
    const build = (axis: number, start: number): Scalar | NestedList => {
      if (axis === this.ndim) return scalarAt(this.dtype, this.data, start)
      const inner = sizeOf(this.shape.slice(axis + 1))
      return Array.from({ length: this.shape[axis] as number }, (_, i) => build(axis + 1, start + i * inner))
    }
    return takingMemory(this.nbytes, () => build(0, 0))
  }

  /** Whether shapes and values are equal (NumPy's `array_equal`); NaN equals NaN only with `equalNan`. */
  equals(other: ArrayLike, options: { equalNan?: boolean } = {}): boolean {
    checkOptions(options, 'equals()')
    const { equalNan = false } = options
    const array = other instanceof NDArray ? other : NDArray.from(other)
    if (!sameShape(this.shape, array.shape)) return false
    if (this.dtype === array.dtype && isExact(this.dtype))
      return Buffer.compare(bytesOf(this.data), bytesOf(array.data)) === 0
    for (let i = 0; i < this.size; i++) {
      if (!sameValue(scalarAt(this.dtype, this.data, i), scalarAt(array.dtype, array.data, i), equalNan)) return false
    }
    return true
  }

  /** Copies into an array of numpy-ts: `array.toNumpy(np)` with `import * as np from 'numpy-ts'`. */
  toNumpy<A extends ArrayFields>(np: NumpyModule<A>): A {
    const array = np.zeros([...this.shape], this.dtype)
    bytesOf(array.data).set(bytesOf(this.data))
    return array
  }
}

export const selectsScalar = (indexers: readonly Indexer[], shape: readonly number[]): boolean =>
  indexers.length === shape.length && indexers.every(indexer => indexer.kind === 'integer')

const flatIndex = (indexers: readonly Indexer[], shape: readonly number[]): number =>
  indexers.reduce(
    (flat, indexer, axis) => flat * (shape[axis] as number) + (indexer.kind === 'integer' ? indexer.index : 0),
    0,
  )

export function rowCount(shape: readonly number[]): number {
  const [rows] = shape
  if (rows === undefined) throw new NumPackError('SHAPE', 'a 0-D array has no rows')
  return rows
}

/** Whether elements are equal exactly when their bytes are. */
const isExact = (dtype: DType): boolean => /^u?int/.test(dtype)

function sameValue(a: Scalar, b: Scalar, equalNan: boolean): boolean {
  if (typeof a === 'object' || typeof b === 'object') {
    const [x, y] = [a, b].map(value => (typeof value === 'object' ? value : { re: Number(value), im: 0 }))
    if (x === undefined || y === undefined) return false
    if (equalNan && isNan(x) && isNan(y)) return true
    return x.re === y.re && x.im === y.im
  }
  return sameNumber(a, b) || (equalNan && Number.isNaN(a) && Number.isNaN(b))
}

const isNan = ({ re, im }: { re: number; im: number }): boolean => Number.isNaN(re) || Number.isNaN(im)

/** Compares bigint and number exactly, which a conversion of either would not. */
function sameNumber(a: number | bigint | boolean, b: number | bigint | boolean): boolean {
  const x = typeof a === 'boolean' ? Number(a) : a
  const y = typeof b === 'boolean' ? Number(b) : b
  // oxlint-disable-next-line eqeqeq -- the one comparison of bigint with number that converts neither; null can't be here
  return x == y
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** NumPy assigns values whose extra leading axes have length 1 to selections with fewer axes. */
function withoutExtraAxes(shape: readonly number[], target: readonly number[]): readonly number[] {
  let extra = 0
  while (shape.length - extra > target.length && shape[extra] === 1) extra++
  return shape.slice(extra)
}

const dtypeError = (dtype: unknown): NumPackError =>
  new NumPackError('DTYPE', `unknown dtype '${String(dtype)}'; known are ${DTYPES.join(', ')}`, {
    dtype: String(dtype),
  })

function checkShape(shape: readonly number[]): void {
  if (Array.isArray(shape) && shape.every(length => Number.isSafeInteger(length) && length >= 0)) {
    if (shape.length <= LIMITS.axes) return
    throw new NumPackError('SHAPE', `an array has at most ${LIMITS.axes} axes, not ${shape.length}`, {
      axes: shape.length,
      limit: LIMITS.axes,
    })
  }
  throw new NumPackError('SHAPE', `(${String(shape)}) is no shape: give a list of non-negative integers`, { shape })
}

export function checkedArray(array: NDArray): NDArray {
  const { dtype, shape, data } = array
  if (!DTYPES.includes(dtype)) throw dtypeError(dtype)
  checkShape(shape)
  const wanted = typedArrayOf(dtype).name
  const given = Object.prototype.toString.call(data).slice('[object '.length, -1)
  if (DTYPE_OF_TAG[given] !== DTYPE_OF_TAG[wanted]) {
    throw new NumPackError('DTYPE', `elements of ${dtype} lie in a ${wanted}, not in: ${given}`, { dtype })
  }
  if (data.length !== sizeOf(shape) * componentsOf(dtype)) {
    const size = data.length / componentsOf(dtype)
    throw new NumPackError('SHAPE', `${size} elements don't fill the shape (${shape.join(', ')})`, { shape })
  }
  return array
}

function toArray(value: Scalar | ArrayLike, dtype: DType): NDArray {
  if (isScalar(value)) {
    const data = allocate(dtype, 1)
    storeScalar(dtype, data, 0, value)
    return new NDArray(dtype, [], data)
  }
  if (Array.isArray(value)) return fromList(value as NestedList, dtype)
  const array = value instanceof NDArray ? value : NDArray.from(value)
  return array.dtype === dtype ? array : castArray(array, dtype)
}

function castArray(array: NDArray, dtype: DType): NDArray {
  const data = allocate(dtype, array.size)
  castElements(array.dtype, array.data, dtype, data, array.size)
  return new NDArray(dtype, array.shape, data)
}

function fromList(list: NestedList, wanted: DType | undefined): NDArray {
  const shape: number[] = []
  for (let level: unknown = list; Array.isArray(level); level = level[0]) {
    shape.push(level.length)
    // A list may hold itself.
    if (shape.length > LIMITS.axes) checkShape(shape)
  }
  let size = 0
  const kinds = new Set<string>()
  eachScalar(list, shape, value => {
    size++
    kinds.add(typeof value)
  })
  const dtype = wanted ?? commonDtype(kinds)
  const data = allocate(dtype, size)
  let at = 0
  eachScalar(list, shape, value => storeScalar(dtype, data, at++, value))
  return new NDArray(dtype, shape, data)
}

function eachScalar(item: unknown, shape: readonly number[], visit: (value: Scalar) => void, axis = 0): void {
  if (axis === shape.length) {
    if (!isScalar(item))
      throw new NumPackError('ARGUMENT', `${String(item)} is no number, bigint, boolean or { re, im }`)
    visit(item)
    return
  }
  if (!Array.isArray(item) || item.length !== shape[axis]) {
    throw new NumPackError('SHAPE', 'a nested list has rows of different length')
  }
  for (const inner of item) eachScalar(inner, shape, visit, axis + 1)
}

function commonDtype(kinds: ReadonlySet<string>): DType {
  if (kinds.has('object')) return 'complex128'
  if (kinds.size === 0 || kinds.has('number')) return 'float64'
  return kinds.has('bigint') ? 'int64' : 'bool'
}

const DTYPE_OF_TAG: Readonly<Record<string, DType>> = {
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Float16Array: 'float16',
  Float32Array: 'float32',
  Float64Array: 'float64',
}

function fromMemory(source: TypedArray | ArrayFields, wanted: DType | undefined): NDArray {
  const array = isArrayBufferView(source) ? fromTyped(source, wanted) : fromFields(source)
  return wanted === undefined || wanted === array.dtype ? array : castArray(array, wanted)
}

function fromTyped(data: TypedArray, wanted: DType | undefined): NDArray {
  const dtype = DTYPE_OF_TAG[data[Symbol.toStringTag]]
  if (dtype === undefined) throw dtypeError(data[Symbol.toStringTag] ?? 'DataView')
  if (wanted !== undefined && componentsOf(wanted) === 2 && data instanceof typedArrayOf(wanted)) {
    if (data.length % 2 === 1) throw new NumPackError('SHAPE', `${data.length} numbers are not pairs of re and im`)
    return new NDArray(wanted, [data.length / 2], data)
  }
  if (wanted === 'bool' && dtype === 'uint8' && data.every(byte => byte === 0 || byte === 1)) {
    return new NDArray('bool', [data.length], data)
  }
  return new NDArray(dtype, [data.length], data)
}

/** Shares the memory of a whole C-order array, otherwise copies; `tobytes` gives half the bytes of a complex view. */
function fromFields(source: ArrayFields & { readonly copy?: () => ArrayFields }): NDArray {
  const { dtype, shape, data } = source ?? {}
  if (!Array.isArray(shape) || !isArrayBufferView(data)) {
    throw new NumPackError(
      'ARGUMENT',
      'this is no array: give an NDArray, a typed array, a nested list or a numpy-ts array',
    )
  }
  const known = DTYPES.find(name => name === dtype)
  if (known === undefined) throw dtypeError(dtype)
  const isWhole = (array: ArrayFields): boolean =>
    array.data.length === sizeOf(shape) * componentsOf(known) && inCOrder(array)
  if (isWhole(source)) return checkedArray(new NDArray(known, [...shape], data))
  const copied = source.copy?.()
  if (copied === undefined || !isWhole(copied))
    throw new NumPackError('ARGUMENT', 'the array is not C-contiguous; copy it first')
  return checkedArray(new NDArray(known, [...shape], copied.data))
}

function inCOrder(source: ArrayFields & { readonly flags?: { readonly C_CONTIGUOUS?: boolean } }): boolean {
  return source.flags?.C_CONTIGUOUS ?? true
}
