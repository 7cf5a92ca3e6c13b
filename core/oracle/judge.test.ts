import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disk } from '../system/files.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { randomOperation } from '../storage/test-support/choose.ts'
import {
  activeRows,
  applied,
  type Described,
  describeModel,
  describeStore,
  type Model,
  type Operation,
  perform,
} from '../storage/test-support/model.ts'
import { noOracle } from './python.ts'
import { PATIENCE, randomFrom, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'
import { forNumPack, type NumPackServer, startNumPack } from './server.ts'

const OPERATIONS = Number(process.env['ORACLE_WRITES'] ?? 2000)
const TURNS = Number(process.env['ORACLE_TURNS'] ?? 800)
const BEHIND = 24

const { sync } = disk
beforeAll(() => {
  // No test here cuts the power, so syncing would only cost time.
  disk.sync = () => {}
})
afterAll(() => {
  disk.sync = sync
})

class Trial implements AsyncDisposable {
  readonly path: string
  model: Model = new Map()
  readonly history: string[] = []
  readonly numpack: NumPackServer = startNumPack()
  readonly #folder = scratchFolder()
  verdicts: Promise<void>[] = []

  constructor() {
    this.path = join(this.#folder.path, 'store.npk')
    // A folder counts as a store for readers only after the first save.
    NumPack.with(this.path, npk => {
      npk.save({ first: NDArray.from([1]) })
      npk.reset()
    })
  }

  get after(): string {
    return `ORACLE_SEED=${seed}, after ${this.history.length}: ${this.history.slice(-4).join(', ')}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.numpack[Symbol.asyncDispose]()
    this.#folder[Symbol.dispose]()
  }
}

async function judge(trial: Trial, npk: NumPack): Promise<void> {
  const expected = describeModel(trial.model)
  const { after } = trial
  expect(describeStore(npk), after).toEqual(expected)
  expect(NumPack.with(trial.path, { readOnly: true }, describeStore), `opened again, ${after}`).toEqual(expected)
  const copy = `${trial.path}-${trial.history.length}`
  cpSync(trial.path, copy, { recursive: true })
  trial.verdicts.push(numpackAgrees(trial, copy, expected))
  if (trial.verdicts.length >= BEHIND) await Promise.all(trial.verdicts.splice(0))
}

async function numpackAgrees({ numpack, after }: Trial, copy: string, expected: Described): Promise<void> {
  expect(await numpack.ask({ read: copy }), `NumPack, ${after}`).toEqual(expected)
}

async function performByNumPack(trial: Trial, operation: Operation, operations: unknown[][]): Promise<void> {
  const answer = await trial.numpack.ask({ do: trial.path, operations })
  expect(answer, `${labelOf(operation)}, ${trial.after}`).toBe('done')
}

test(
  `NumPack reads the same as this engine after each of ${OPERATIONS} random writes (ORACLE_SEED=${seed})`,
  async ctx => {
    if (noOracle !== null) ctx.skip(noOracle)
    const random = randomFrom(seed)
    await using trial = new Trial()
    using npk = NumPack.open(trial.path)
    while (trial.history.length < OPERATIONS) {
      const operation = randomOperation(trial.model, random)
      perform(npk, operation)
      trial.model = applied(trial.model, operation)
      trial.history.push(labelOf(operation))
      await judge(trial, npk)
    }
    await Promise.all(trial.verdicts)
    const kinds = new Set(trial.history.map(label => label.split(' ')[0]))
    expect(kinds).toEqual(new Set(KINDS))
  },
  PATIENCE,
)

test(
  `NumPack and this engine can write alternately, ${TURNS} times (ORACLE_SEED=${seed})`,
  async ctx => {
    if (noOracle !== null) ctx.skip(noOracle)
    const random = randomFrom(seed + 1)
    let byNumPack = 0
    await using trial = new Trial()
    using npk = NumPack.open(trial.path)
    while (trial.history.length < TURNS) {
      const operation = randomOperation(trial.model, random)
      const calls = random.below(3) === 0 ? null : callsOf(npk, trial.model, operation)
      if (calls === null) perform(npk, operation)
      else {
        byNumPack++
        await performByNumPack(trial, operation, calls)
      }
      trial.model = applied(trial.model, operation)
      trial.history.push(`${calls === null ? 'we' : 'NumPack'}: ${labelOf(operation)}`)
      await judge(trial, npk)
    }
    await Promise.all(trial.verdicts)
    expect(byNumPack).toBeGreaterThan(TURNS / 5)
  },
  PATIENCE,
)

const KINDS = ['append', 'batch', 'clone', 'drop', 'edit', 'remove', 'replace', 'reset', 'restore', 'save', 'update']

function labelOf(operation: Operation): string {
  if (operation.kind !== 'batch') return 'name' in operation ? `${operation.kind} ${operation.name}` : operation.kind
  return `batch (${operation.operations.map(labelOf).join('; ')}${operation.throws ? '; throws' : ''})`
}

/** Returns null for what NumPack 0.7 lacks or does wrong (numpack-faults.test.ts). */
function callsOf(npk: NumPack, model: Model, operation: Operation): unknown[][] | null {
  const array = 'name' in operation ? model.get(operation.name) : undefined
  const isWhole = array !== undefined && activeRows(array).length === array.rows.length
  switch (operation.kind) {
    case 'save':
      return [['save', arraysFor(operation.arrays)]]
    case 'append': {
      const hasDeleted = Object.keys(operation.arrays).some(name => model.get(name)!.rows.some(row => row.deleted))
      return hasDeleted ? null : [['append', arraysFor(operation.arrays)]]
    }
    case 'drop':
      return operation.rows === null
        ? [['drop', [operation.name]]]
        : [['drop', operation.name, [...new Set(operation.rows.rows)]]]
    case 'replace':
      return operation.rows.rows.length === 1
        ? [['replace', { [operation.name]: forNumPack(operation.values) }, operation.rows.rows[0]]]
        : null
    case 'update':
      return [['update', operation.name]]
    case 'clone':
      return [['clone', operation.name, operation.to]]
    case 'reset':
      return [['reset']]
    case 'edit': {
      const [edit] = operation.edits
      const isOneRow = operation.edits.length === 1 && edit?.kind === 'set' && edit.rows.rows.length === 1
      const isWhereItLooks = npk.getMetadata().arrays[operation.name]?.dataFile === `data_${operation.name}.npkd`
      const hasBytes = array !== undefined && !array.rowShape.includes(0)
      return isOneRow && isWhole && hasBytes && isWhereItLooks
        ? [['edit', operation.name, edit.rows.rows[0], forNumPack(edit.values)]]
        : null
    }
    case 'batch':
      return operation.throws || operation.operations.some(({ kind }) => kind !== 'save')
        ? null
        : operation.operations.flatMap(inner => (inner.kind === 'save' ? [['batch', arraysFor(inner.arrays)]] : []))
    default:
      return null
  }
}

const arraysFor = (arrays: Readonly<Record<string, NDArray>>): object =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, forNumPack(array)]))
