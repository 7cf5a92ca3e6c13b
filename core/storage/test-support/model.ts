import { createHash } from 'node:crypto'
import { type DType, itemsize } from '../../format/dtype.ts'
import { bytesOf } from '../../format/elements.ts'
import { NDArray } from '../../array/ndarray.ts'
import type { NumPack } from '../numpack.ts'
import type { AxisSelection } from '../../array/selection.ts'

/** What a store should hold, as plain lists of rows, for tests. */

interface Row {
  readonly bytes: Uint8Array
  readonly deleted: boolean
}

interface ModelArray {
  readonly dtype: DType
  readonly rowShape: readonly number[]
  readonly rows: readonly Row[]
}

export type Model = ReadonlyMap<string, ModelArray>

export interface ChosenRows {
  readonly spelled: AxisSelection
  readonly rows: readonly number[]
}

export type Edit =
  | { readonly kind: 'set'; readonly rows: ChosenRows; readonly values: NDArray }
  | { readonly kind: 'column'; readonly column: number; readonly values: NDArray }
  | { readonly kind: 'where'; readonly mask: readonly boolean[]; readonly values: NDArray }
  | { readonly kind: 'invert'; readonly start: number; readonly stop: number }

export type Operation =
  | { readonly kind: 'save' | 'append'; readonly arrays: Readonly<Record<string, NDArray>> }
  | { readonly kind: 'replace'; readonly name: string; readonly rows: ChosenRows; readonly values: NDArray }
  | { readonly kind: 'drop' | 'restore'; readonly name: string; readonly rows: ChosenRows | null }
  | { readonly kind: 'update' | 'remove'; readonly name: string }
  | { readonly kind: 'clone'; readonly name: string; readonly to: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'edit'; readonly name: string; readonly edits: readonly Edit[] }
  | { readonly kind: 'batch'; readonly operations: readonly Operation[]; readonly throws: boolean }

class Abandoned extends Error {}

const spelledRows = (rows: ChosenRows | null): [rows?: AxisSelection] => (rows === null ? [] : [rows.spelled])

export function perform(npk: NumPack, operation: Operation): void {
  switch (operation.kind) {
    case 'save':
      return npk.save(operation.arrays)
    case 'append':
      return npk.append(operation.arrays)
    case 'replace':
      return npk.replace({ [operation.name]: operation.values }, operation.rows.spelled)
    case 'drop':
      return void npk.drop(operation.name, ...spelledRows(operation.rows))
    case 'restore':
      return void npk.restore(operation.name, ...spelledRows(operation.rows))
    case 'update':
      return npk.update(operation.name)
    case 'remove':
      return npk.remove(operation.name)
    case 'clone':
      return npk.clone(operation.name, operation.to)
    case 'reset':
      return npk.reset()
    case 'edit':
      return performEdits(npk, operation.name, operation.edits)
    case 'batch':
      return performBatch(npk, operation.operations, operation.throws)
  }
}

function performEdits(npk: NumPack, name: string, edits: readonly Edit[]): void {
  npk.writableBatchMode(batch => {
    const array = batch.load(name)
    for (const edit of edits) {
      if (edit.kind === 'set') array.set([edit.rows.spelled], edit.values)
      else if (edit.kind === 'column') array.set(['...', edit.column], edit.values)
      else if (edit.kind === 'where') array.setWhere(NDArray.from(edit.mask), edit.values)
      else {
        array.rows(edit.start, edit.stop).applyBlocks(block => {
          const bytes = bytesOf(block.data)
          for (let i = 0; i < bytes.length; i++) bytes[i]! ^= inversion(block.dtype)
        })
      }
    }
  })
}

function performBatch(npk: NumPack, operations: readonly Operation[], throws: boolean): void {
  try {
    npk.batchMode(() => {
      for (const inner of operations) perform(npk, inner)
      if (throws) throw new Abandoned()
    })
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error
  }
}

const inversion = (dtype: DType): number => (dtype === 'bool' ? 1 : 255)

const activeOf = (rows: readonly Row[]): Row[] => rows.filter(row => !row.deleted)

export const activeRows = ({ rows }: ModelArray): readonly Row[] => activeOf(rows)

function rowsOf(array: NDArray): Row[] {
  const bytes = bytesOf(array.data).slice()
  const size = bytes.length / Math.max(1, array.length)
  return Array.from({ length: array.length }, (_, i) => ({
    bytes: bytes.subarray(i * size, (i + 1) * size),
    deleted: false,
  }))
}

const arrayOf = (array: NDArray): ModelArray => ({
  dtype: array.dtype,
  rowShape: array.shape.slice(1),
  rows: rowsOf(array),
})

export function applied(model: Model, operation: Operation): Model {
  const next = new Map(model)
  const change = (name: string, rows: (rows: readonly Row[]) => readonly Row[]): void => {
    const array = model.get(name) as ModelArray
    const changed = rows(array.rows)
    if (changed.some((row, i) => row !== array.rows[i]) || changed.length !== array.rows.length)
      next.set(name, { ...array, rows: changed })
  }
  switch (operation.kind) {
    case 'save':
      for (const [name, array] of Object.entries(operation.arrays)) next.set(name, arrayOf(array))
      break
    case 'append':
      for (const [name, array] of Object.entries(operation.arrays)) change(name, rows => [...rows, ...rowsOf(array)])
      break
    case 'replace':
      change(operation.name, rows => withValues(rows, operation.rows.rows, operation.values))
      break
    case 'drop':
      if (model.has(operation.name)) change(operation.name, rows => withoutRows(rows, operation.rows?.rows))
      break
    case 'restore':
      change(operation.name, rows => {
        const restored = new Set(operation.rows?.rows ?? rows.keys())
        return rows.map((row, i) => (row.deleted && restored.has(i) ? { ...row, deleted: false } : row))
      })
      break
    case 'update':
      change(operation.name, activeOf)
      break
    case 'remove':
      next.delete(operation.name)
      break
    case 'clone': {
      const array = model.get(operation.name) as ModelArray
      next.set(operation.to, { ...array, rows: activeOf(array.rows) })
      break
    }
    case 'reset':
      return new Map()
    case 'edit':
      for (const edit of operation.edits) {
        const array = next.get(operation.name) as ModelArray
        next.set(operation.name, { ...array, rows: edited(array, edit) })
      }
      break
    case 'batch':
      return operation.throws ? model : afterBatch(model, operation.operations)
  }
  return next
}

function withValues(rows: readonly Row[], chosen: readonly number[], values: NDArray): Row[] {
  const result = [...rows]
  const places = [...rows.keys()].filter(i => !rows[i]!.deleted)
  const given = rowsOf(values)
  for (const [i, row] of chosen.entries()) result[places[row]!] = given[i]!
  return result
}

function withoutRows(rows: readonly Row[], chosen: readonly number[] | undefined): Row[] {
  const dropped = new Set(chosen)
  let logical = 0
  return rows.map(row => {
    if (row.deleted) return row
    const isDropped = chosen === undefined || dropped.has(logical)
    logical++
    return isDropped ? { ...row, deleted: true } : row
  })
}

function edited({ dtype, rows }: ModelArray, edit: Edit): Row[] {
  if (edit.kind === 'set') return withValues(rows, edit.rows.rows, edit.values)
  const newBytes = {
    column: (old: Uint8Array, i: number) => {
      const { column, values } = edit as Extract<Edit, { kind: 'column' }>
      return withColumn(old, column, itemsize(dtype), rowsOf(values)[i]!.bytes)
    },
    where: (old: Uint8Array, i: number) => {
      const { mask, values } = edit as Extract<Edit, { kind: 'where' }>
      return mask[i] === true ? bytesOf(values.data).slice() : old
    },
    invert: (old: Uint8Array, i: number) => {
      const { start, stop } = edit as Extract<Edit, { kind: 'invert' }>
      return i >= start && i < stop ? old.map(byte => byte ^ inversion(dtype)) : old
    },
  }[edit.kind]
  let logical = 0
  return rows.map(row => (row.deleted ? row : { ...row, bytes: newBytes(row.bytes, logical++) }))
}

function withColumn(old: Uint8Array, column: number, size: number, values: Uint8Array): Uint8Array {
  const result = old.slice()
  const width = (old.length * size) / Math.max(1, values.length)
  for (let at = 0; at < values.length; at += size) {
    result.set(values.subarray(at, at + size), (at / size) * width + column * size)
  }
  return result
}

/** A batch writes arrays whole, without deleted rows. */
function afterBatch(model: Model, operations: readonly Operation[]): Model {
  const after = new Map(operations.reduce(applied, model))
  for (const [name, array] of after) {
    if (model.get(name) !== array) after.set(name, { ...array, rows: activeOf(array.rows) })
  }
  return after
}

export type Described = Readonly<Record<string, readonly [DType, readonly number[], string]>>

const sha256Of = (parts: Iterable<Uint8Array>): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

export function describeModel(model: Model): Described {
  return Object.fromEntries(
    [...model]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, array]) => {
        const rows = activeRows(array)
        return [name, [array.dtype, [rows.length, ...array.rowShape], sha256Of(rows.map(({ bytes }) => bytes))]]
      }),
  )
}

export function describeStore(npk: NumPack): Described {
  return Object.fromEntries(
    npk.getMemberList().map(name => {
      const { dtype, shape, data } = npk.load(name)
      return [name, [dtype, shape, sha256Of([bytesOf(data)])]]
    }),
  )
}
