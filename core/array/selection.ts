import { DTYPES, type TypedArray } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { Float16Array, isArrayBufferView } from '../format/float16.ts'

/** A range along one axis, as Python's `slice`; null for omitted parts. */
export class Slice {
  readonly start: number | null
  readonly stop: number | null
  readonly step: number | null

  constructor(start: number | null, stop: number | null, step: number | null) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Creates a Slice: `slice(100, 200)` is Python's `100:200`, `slice(null, null, -1)` is `::-1`. */
export function slice(start?: number | null, stop?: number | null, step?: number | null): Slice {
  for (const part of [start, stop, step]) {
    if (part !== undefined && part !== null && !Number.isSafeInteger(part)) {
      throw argumentError(`slice(): ${String(part)} is not an integer`)
    }
  }
  if (step === 0) throw argumentError('slice(): the step is 0')
  return new Slice(start ?? null, stop ?? null, step ?? null)
}

/** Anything with NumPy's three fields: an NDArray, or an array of numpy-ts. */
export interface ArrayFields {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: TypedArray
}

/** Integers or booleans that select along axes, nested as deep as the index has axes. */
export type IndexList = readonly (number | bigint | boolean | IndexList)[]

/** One entry of a selection, for one axis (a mask of n axes covers n, `'...'` the omitted ones). */
export type AxisSelection = number | bigint | Slice | string | null | IndexList | TypedArray | ArrayFields

/** One resolved entry of a selection: every number is within its axis. */
export type Indexer =
  | { readonly kind: 'integer'; readonly index: number }
  | { readonly kind: 'range'; readonly start: number; readonly step: number; readonly count: number }
  | { readonly kind: 'list'; readonly values: Float64Array; readonly shape: readonly number[] }
  /** A `'...'` that covers no axis: it still separates index lists, as in NumPy. */
  | { readonly kind: 'separator' }

const argumentError = (message: string, details: Record<string, unknown> = {}): NumPackError =>
  new NumPackError('ARGUMENT', message, details)

const INTEGER_DTYPES: ReadonlySet<string> = new Set(DTYPES.filter(dtype => /^u?int/.test(dtype)))

type RawList = { mask: boolean; values: ArrayLike<number | bigint | boolean>; shape: readonly number[] }

/** Resolves a selection: one indexer per axis; omitted axes become full ranges. Throws `INDEX` or `ARGUMENT`. */
export function resolveSelection(selection: readonly AxisSelection[], shape: readonly number[]): Indexer[] {
  const entries = selection.map(entry => (isList(entry) ? rawList(entry) : entry))
  const used = entries.reduce<number>((sum, entry) => sum + axesOf(entry), 0)
  if (used > shape.length) {
    throw new NumPackError('INDEX', `too many indices: the array has ${shape.length} axes, ${used} were indexed`, {
      axes: shape.length,
      indexed: used,
    })
  }
  if (entries.filter(entry => entry === '...').length > 1)
    throw argumentError("only one '...' can stand in a selection")
  const pairsUpWithNothing = entries.some(isEmptyList)
  const indexers: Indexer[] = []
  let axis = 0
  const fillTo = (stop: number) => {
    for (; axis < stop; axis++) indexers.push({ kind: 'range', start: 0, step: 1, count: shape[axis] as number })
  }
  for (const entry of entries) {
    if (entry === '...') {
      if (used === shape.length) indexers.push({ kind: 'separator' })
      fillTo(axis + shape.length - used)
    } else {
      indexers.push(...resolveEntry(entry, axis, shape, pairsUpWithNothing))
      axis += axesOf(entry)
    }
  }
  fillTo(shape.length)
  return indexers
}

const isList = (entry: AxisSelection): entry is IndexList | TypedArray | ArrayFields =>
  typeof entry === 'object' && entry !== null && !(entry instanceof Slice)

const isEmptyList = (entry: SelectionEntry): boolean =>
  typeof entry === 'object' &&
  entry !== null &&
  'mask' in entry &&
  (entry.mask ? !Array.prototype.some.call(entry.values, Boolean) : entry.values.length === 0)

type SelectionEntry = RawList | number | bigint | Slice | string | null

const axesOf = (entry: SelectionEntry): number => {
  if (entry === '...') return 0
  return typeof entry === 'object' && entry !== null && 'mask' in entry && entry.mask ? entry.shape.length : 1
}

function resolveEntry(entry: SelectionEntry, axis: number, shape: readonly number[], unread: boolean): Indexer[] {
  const size = shape[axis] as number
  if (typeof entry === 'number' || typeof entry === 'bigint') {
    return [{ kind: 'integer', index: resolveIndex(entry, axis, size) }]
  }
  if (entry === null) return [{ kind: 'range', start: 0, step: 1, count: size }]
  if (typeof entry === 'string') return [resolveSlice(parseSlice(entry), size)]
  if (entry instanceof Slice) return [resolveSlice(entry, size)]
  if (typeof entry !== 'object') {
    throw argumentError(
      typeof entry === 'boolean'
        ? `${String(entry)} is no index; a mask is a list of booleans as long as its axis`
        : `${typeof entry} is no index; give an integer, slice(), a list, a mask, null or '...'`,
      { axis },
    )
  }
  return entry.mask ? resolveMask(entry, axis, shape) : [resolveList(entry, axis, size, unread)]
}

export function resolveIndex(index: number | bigint, axis: number, size: number): number {
  const number = typeof index === 'bigint' ? Number(index) : index
  if (!Number.isInteger(number)) throw argumentError(`${String(index)} is no index: it is not an integer`, { axis })
  const resolved = number < 0 ? number + size : number
  if (resolved < 0 || resolved >= size) {
    throw new NumPackError('INDEX', `index ${String(index)} is out of range for axis ${axis} with size ${size}`, {
      axis,
      index: number,
      size,
    })
  }
  return resolved
}

/** Same as Python's `slice.indices`. */
export function resolveSlice(range: Slice, size: number): Extract<Indexer, { kind: 'range' }> {
  const step = range.step ?? 1
  const lowest = step > 0 ? 0 : -1
  const highest = step > 0 ? size : size - 1
  const clamp = (bound: number | null, otherwise: number): number => {
    if (bound === null) return otherwise
    return Math.min(Math.max(bound < 0 ? bound + size : bound, lowest), highest)
  }
  const start = clamp(range.start, step > 0 ? lowest : highest)
  const stop = clamp(range.stop, step > 0 ? highest : lowest)
  return { kind: 'range', start, step, count: Math.max(0, Math.ceil((stop - start) / step)) }
}

const SLICE_TEXT = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/

function parseSlice(text: string): Slice {
  const match = SLICE_TEXT.exec(text)
  if (match === null) {
    throw argumentError(
      /^\s*(?:newaxis|none)\s*$/i.test(text)
        ? 'a selection adds no new axis; reshape the result instead'
        : `'${text}' is no slice; write 'start:stop:step', ':' or '...'`,
    )
  }
  const [, start, stop, step] = match
  return slice(...[start, stop, step].map(part => (part === undefined ? null : Number(part))))
}

function rawList(entry: IndexList | TypedArray | ArrayFields): RawList {
  if (Array.isArray(entry)) return nestedList(entry as IndexList)
  if (isArrayBufferView(entry)) return integers(entry, [entry.length])
  const fields = entry as ArrayFields
  if (fields.dtype === undefined || fields.shape === undefined || fields.data === undefined) {
    throw argumentError("an object is no index; give an integer, slice(), a list, a mask, null or '...'")
  }
  if (fields.dtype === 'bool') return { mask: true, values: fields.data, shape: fields.shape }
  if (!INTEGER_DTYPES.has(fields.dtype))
    throw argumentError(`an array of ${fields.dtype} is no index: give integers or booleans`)
  return integers(fields.data, fields.shape)
}

function integers(data: TypedArray, shape: readonly number[]): RawList {
  if (data instanceof Float16Array || data instanceof Float32Array || data instanceof Float64Array) {
    throw argumentError('an array of floating-point numbers is no index: give integers or booleans')
  }
  return { mask: false, values: data, shape }
}

function nestedList(list: IndexList): RawList {
  const shape: number[] = []
  for (let level: IndexList | number | bigint | boolean | undefined = list; Array.isArray(level); level = level[0]) {
    shape.push(level.length)
  }
  const values = (shape.length === 1 ? list : (list as unknown[]).flat(shape.length - 1)) as (
    | number
    | bigint
    | boolean
  )[]
  if (shape.length > 1 && !isRegular(list, shape, 0))
    throw argumentError('a nested index list has rows of different length')
  const mask = typeof values[0] === 'boolean'
  if (mask && !values.every(value => typeof value === 'boolean')) throw mixedList()
  return { mask, values, shape }
}

const mixedList = (): NumPackError =>
  argumentError('an index list holds something else than integers, or than booleans')

const isNumberOrBigint = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint'

const isRegular = (list: IndexList, shape: readonly number[], level: number): boolean =>
  list.length === shape[level] &&
  list.every(item =>
    level + 1 < shape.length ? Array.isArray(item) && isRegular(item, shape, level + 1) : !Array.isArray(item),
  )

/** As in NumPy, only the type of a list is checked if it is paired with an empty one (`unread`). */
function resolveList({ values: given, shape }: RawList, axis: number, size: number, unread: boolean): Indexer {
  const values = new Float64Array(given.length)
  for (let i = 0; i < values.length; i++) {
    const index = given[i] as number | bigint
    if (typeof index === 'number' && index >= 0 && index < size && Number.isInteger(index)) values[i] = index
    else if (!isNumberOrBigint(index)) throw mixedList()
    else if (!unread) values[i] = resolveIndex(index, axis, size)
  }
  return { kind: 'list', values, shape }
}

/** Same as NumPy's `mask.nonzero()`: one index list for each axis of the mask. */
function resolveMask(mask: RawList, axis: number, shape: readonly number[]): Indexer[] {
  for (const [i, length] of mask.shape.entries()) {
    if (length !== shape[axis + i]) {
      throw new NumPackError(
        'INDEX',
        `a mask of ${length} booleans does not match axis ${axis + i} with size ${shape[axis + i]}`,
        { axis: axis + i, index: length, size: shape[axis + i] },
      )
    }
  }
  const { values } = mask
  let count = 0
  for (let i = 0; i < values.length; i++) if (values[i]) count++
  const places = new Float64Array(count)
  for (let i = 0, at = 0; at < count; i++) if (values[i]) places[at++] = i
  if (mask.shape.length === 1) return [{ kind: 'list', values: places, shape: [count] }]
  let stride = values.length
  return mask.shape.map(length => {
    stride = length === 0 ? 0 : stride / length
    const inner = stride
    return { kind: 'list', values: places.map(place => Math.floor(place / inner) % length), shape: [count] }
  })
}
