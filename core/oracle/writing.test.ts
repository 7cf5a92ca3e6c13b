import { createHash } from 'node:crypto'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DTYPES, type DType } from '../format/dtype.ts'
import { bytesOf, componentsOf, typedArrayOf } from '../format/elements.ts'
import { NDArray } from '../storage/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { noOracle, runPython } from './python.ts'
import { type Random, randomFrom, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

/** How many operations; each leaves a store that NumPack reads. */
const OPERATIONS = Number(process.env['ORACLE_WRITES'] ?? 300)

/** The same arrays in memory: the bytes of each logical row, and of the physical ones for `restore`. */
interface Model {
  readonly dtype: DType
  readonly rowShape: readonly number[]
  rows: { readonly bytes: Buffer; deleted: boolean }[]
}

const active = (model: Model): Model['rows'] => model.rows.filter(row => !row.deleted)

function describeModel({ dtype, rowShape, ...model }: Model): [string, number[], string] {
  const rows = active({ dtype, rowShape, ...model })
  const hash = createHash('sha256')
  for (const { bytes } of rows) hash.update(bytes)
  return [dtype, [rows.length, ...rowShape], hash.digest('hex')]
}

function describeOurs(path: string): Record<string, [string, readonly number[], string]> {
  using npk = NumPack.open(path, { readOnly: true })
  return Object.fromEntries(
    npk.getMemberList().map(name => {
      const { dtype, shape, data } = npk.load(name)
      return [name, [dtype, shape, createHash('sha256').update(bytesOf(data)).digest('hex')]]
    }),
  )
}

function randomArray(random: Random, dtype: DType, shape: readonly number[]): NDArray {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = new (typedArrayOf(dtype))(size * componentsOf(dtype))
  const bytes = bytesOf(data)
  for (let i = 0; i < bytes.length; i++) bytes[i] = dtype === 'bool' ? random.below(2) : random.below(256)
  return new NDArray(dtype, shape, data)
}

const rowsOf = (array: NDArray): Model['rows'] => {
  const bytes = Buffer.from(bytesOf(array.data))
  const size = bytes.length / Math.max(1, array.length)
  return Array.from({ length: array.length }, (_, i) => ({
    bytes: bytes.subarray(i * size, (i + 1) * size),
    deleted: false,
  }))
}

const someRows = (random: Random, count: number): number[] =>
  Array.from({ length: 1 + random.below(Math.max(1, count)) }, () => random.below(count))

/** Does one random operation to the store and to the model. Returns what it was. */
function operate(npk: NumPack, models: Map<string, Model>, random: Random): string {
  const names = [...models.keys()]
  const name = names.length === 0 || random.below(6) === 0 ? `a${random.below(9)}` : random.pick(names)
  const model = models.get(name)
  const kind = random.below(10)
  if (model === undefined || kind === 0) {
    const rowShape = Array.from({ length: random.below(3) }, () => 1 + random.below(4))
    const array = randomArray(random, random.pick(DTYPES), [random.below(150), ...rowShape])
    npk.save({ [name]: array })
    models.set(name, { dtype: array.dtype, rowShape, rows: rowsOf(array) })
    return `save ${name}`
  }
  const { dtype, rowShape } = model
  const rows = active(model)
  if (kind <= 2) {
    const array = randomArray(random, dtype, [random.below(100), ...rowShape])
    npk.append({ [name]: array })
    model.rows.push(...rowsOf(array))
    return `append ${array.length} to ${name}`
  }
  if (kind === 3 && rows.length > 0) {
    const chosen = [...new Set(someRows(random, rows.length))]
    const array = randomArray(random, dtype, [chosen.length, ...rowShape])
    npk.replace({ [name]: array }, chosen)
    for (const [i, row] of rowsOf(array).entries()) model.rows[model.rows.indexOf(rows[chosen[i]!]!)] = row
    // Rows found again by identity: replaced ones are new objects in the same places.
    return `replace ${chosen.length} of ${name}`
  }
  if (kind <= 5 && rows.length > 0) {
    const chosen = someRows(random, rows.length)
    npk.drop(name, chosen)
    for (const row of chosen) rows[row]!.deleted = true
    return `drop ${chosen.length} of ${name}`
  }
  if (kind === 6) {
    npk.update(name)
    model.rows = rows
    return `update ${name}`
  }
  if (kind === 7) {
    npk.restore(name)
    for (const row of model.rows) row.deleted = false
    return `restore ${name}`
  }
  if (kind === 8 && !models.has('clone')) {
    npk.clone(name, 'clone')
    models.set('clone', { dtype, rowShape, rows: rows.map(row => ({ ...row })) })
    return `clone ${name}`
  }
  npk.remove(name)
  models.delete(name)
  return `remove ${name}`
}

test(`NumPack reads the same after each of ${OPERATIONS} random writes (ORACLE_SEED=${seed})`, ctx => {
  if (noOracle !== null) ctx.skip(noOracle)
  using folder = scratchFolder()
  const path = join(folder.path, 'store.npk')
  const random = randomFrom(seed)
  const models = new Map<string, Model>()
  const copies: string[] = []
  const expected: Record<string, [string, number[], string]>[] = []
  const history: string[] = []
  using npk = NumPack.open(path)
  for (let i = 0; i < OPERATIONS; i++) {
    history.push(operate(npk, models, random))
    const wanted = Object.fromEntries(
      [...models].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, model]) => [name, describeModel(model)]),
    )
    expect(describeOurs(path), `after ${i}: ${history.at(-1)}`).toEqual(wanted)
    const copy = join(folder.path, `copy-${i}.npk`)
    cpSync(path, copy, { recursive: true })
    copies.push(copy)
    expected.push(wanted)
  }
  const read = runPython('describe_stores.py', ...copies)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)
  expect(read).toHaveLength(copies.length)
  for (const [i, arrays] of read.entries()) expect(arrays, `after ${i}: ${history[i]}`).toEqual(expected[i])
})
