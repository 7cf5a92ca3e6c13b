import { DTYPES, type DType } from '../../format/dtype.ts'
import { bytesOf, componentsOf, typedArrayOf } from '../../format/elements.ts'
import { sizeOf } from '../../array/indexing.ts'
import { NDArray } from '../../array/ndarray.ts'
import { slice } from '../../array/selection.ts'
import { activeRows, applied, type ChosenRows, type Edit, type Model, type Operation } from './model.ts'

/** Random operations that suit what a store holds, for tests. */

export interface Chance {
  /** Returns an integer in [0, below). */
  below(below: number): number
}

const NAMES = ['a', 'b', 'values', 'with space', '数据', 'dots.in.name', 'UPPER', '-dash']
const ROW_COUNTS = [0, 1, 2, 63, 64, 65, 127, 128, 129]
const MANY_ROWS = 400

const pick = <T>(chance: Chance, items: readonly T[]): T => items[chance.below(items.length)] as T
const oneIn = (chance: Chance, count: number): boolean => chance.below(count) === 0

function randomArray(chance: Chance, dtype: DType, shape: readonly number[]): NDArray {
  const data = new (typedArrayOf(dtype))(sizeOf(shape) * componentsOf(dtype))
  const bytes = bytesOf(data)
  for (let i = 0; i < bytes.length; i++) bytes[i] = chance.below(dtype === 'bool' ? 2 : 256)
  return new NDArray(dtype, shape, data)
}

const randomCount = (chance: Chance): number => (oneIn(chance, 2) ? pick(chance, ROW_COUNTS) : chance.below(150))

function randomSave(chance: Chance): NDArray {
  const rowShape = Array.from({ length: chance.below(4) }, () => (oneIn(chance, 12) ? 0 : 1 + chance.below(4)))
  return randomArray(chance, pick(chance, DTYPES), [randomCount(chance), ...rowShape])
}

function randomRows(chance: Chance, count: number): ChosenRows {
  const rows = Array.from({ length: 1 + chance.below(Math.min(count, 40)) }, () => chance.below(count))
  switch (chance.below(5)) {
    case 0:
      return { spelled: rows, rows }
    case 1:
      return { spelled: rows.map(row => (oneIn(chance, 2) ? row - count : row)), rows }
    case 2: {
      const mask = Array.from({ length: count }, () => oneIn(chance, 4))
      return { spelled: mask, rows: [...mask.keys()].filter(i => mask[i]) }
    }
    case 3:
      return randomSlice(chance, count)
    default:
      return { spelled: rows[0] as number, rows: rows.slice(0, 1) }
  }
}

function randomSlice(chance: Chance, count: number): ChosenRows {
  const step = 1 + chance.below(4)
  const first = chance.below(count)
  const end = chance.below(count)
  const rows: number[] = []
  if (oneIn(chance, 2)) {
    for (let i = first; i < end; i += step) rows.push(i)
    return { spelled: slice(first, end, step), rows }
  }
  for (let i = first; i > end; i -= step) rows.push(i)
  return { spelled: slice(first - count, end - count, -step), rows }
}

export function randomOperation(model: Model, chance: Chance): Operation {
  return oneIn(chance, 8) ? randomBatch(model, chance) : randomSingle(model, chance)
}

function randomBatch(model: Model, chance: Chance): Operation {
  let inner = model
  const operations = Array.from({ length: 1 + chance.below(5) }, () => {
    const chosen = randomSingle(inner, chance)
    const isAllowed = chosen.kind !== 'restore' && chosen.kind !== 'edit'
    const operation = isAllowed ? chosen : randomSaves(chance, chosen.name)
    inner = applied(inner, operation)
    return operation
  })
  return { kind: 'batch', operations, throws: oneIn(chance, 4) }
}

function randomSingle(model: Model, chance: Chance): Operation {
  const name = pick(chance, NAMES)
  const array = model.get(name)
  if (array === undefined || oneIn(chance, 12)) return randomSaves(chance, name)
  const rows = activeRows(array).length
  const shape = (count: number): number[] => [count, ...array.rowShape]
  const kind = chance.below(24)
  if (kind < 6) {
    const count = array.rows.length > MANY_ROWS ? 0 : randomCount(chance)
    return { kind: 'append', arrays: { [name]: randomArray(chance, array.dtype, shape(count)) } }
  }
  if (kind < 11 && rows > 0) return { kind: 'drop', name, rows: randomRows(chance, rows) }
  if (kind < 14 && rows > 0) {
    const chosen = randomRows(chance, rows)
    return { kind: 'replace', name, rows: chosen, values: randomArray(chance, array.dtype, shape(chosen.rows.length)) }
  }
  if (kind < 17 && rows > 0) {
    const edits = Array.from({ length: 1 + chance.below(3) }, () => randomEdit(chance, array.dtype, shape(rows)))
    return { kind: 'edit', name, edits }
  }
  if (kind < 18) return { kind: 'update', name }
  if (kind < 21 && array.rows.length > 0) {
    return { kind: 'restore', name, rows: oneIn(chance, 2) ? null : randomRows(chance, array.rows.length) }
  }
  if (kind === 21) return { kind: 'drop', name, rows: null }
  const to = NAMES.find(other => !model.has(other))
  if (kind === 22 && to !== undefined) return { kind: 'clone', name, to }
  return oneIn(chance, 8) ? { kind: 'reset' } : { kind: 'remove', name }
}

function randomSaves(chance: Chance, name: string): Operation {
  const names = new Set([name, ...(oneIn(chance, 5) ? [pick(chance, NAMES), pick(chance, NAMES)] : [])])
  return { kind: 'save', arrays: Object.fromEntries([...names].map(each => [each, randomSave(chance)])) }
}

function randomEdit(chance: Chance, dtype: DType, shape: readonly number[]): Edit {
  const [rows, ...rowShape] = shape as [number, ...number[]]
  const width = rowShape.at(-1) ?? 0
  switch (chance.below(width > 0 ? 4 : 2)) {
    case 0: {
      const chosen = randomRows(chance, rows)
      return { kind: 'set', rows: chosen, values: randomArray(chance, dtype, [chosen.rows.length, ...rowShape]) }
    }
    case 1: {
      const start = chance.below(rows)
      return { kind: 'invert', start, stop: start + chance.below(rows - start + 1) }
    }
    case 2:
      return { kind: 'column', column: chance.below(width), values: randomArray(chance, dtype, shape.slice(0, -1)) }
    default: {
      const mask = Array.from({ length: rows }, () => oneIn(chance, 3))
      return { kind: 'where', mask, values: randomArray(chance, dtype, rowShape) }
    }
  }
}
