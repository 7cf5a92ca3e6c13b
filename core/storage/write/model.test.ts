import { removeFolder } from '../../test-support/remove-folder.ts'
import * as fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { disk } from '../../system/files.ts'
import { NumPack } from '../numpack.ts'
import { type Chance, randomOperation } from '../test-support/choose.ts'
import { applied, describeModel, describeStore, type Model, type Operation, perform } from '../test-support/model.ts'
import { STRIDE } from '../../test-support/stride.ts'

const RUNS = Number(process.env['MODEL_RUNS'] ?? 60)
const real = { ...disk }
let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-model-'))
  disk.sync = () => {}
})
afterAll(() => {
  Object.assign(disk, real)
  removeFolder(root)
})

/** Chance from a list that fast-check shrinks: 0 after the end of the list. */
function chanceFrom(numbers: readonly number[]): Chance {
  let at = 0
  return { below: below => (numbers[at++ % numbers.length] ?? 0) % below }
}

const numbers = fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 40 })
/** Each operation has its own numbers, so that fast-check can leave one out without changing the others. */
const sequences = fc.array(numbers, { minLength: 1, maxLength: 30 })

function faultOf(sequence: readonly (readonly number[])[], wanted: (operation: Operation) => boolean): string | null {
  const path = mkdtempSync(join(root, 'store-'))
  const history: string[] = []
  let model: Model = new Map()
  using npk = NumPack.open(path)
  npk.save({ first: [1] })
  npk.remove('first')
  for (const each of sequence) {
    const operation = randomOperation(model, chanceFrom(each))
    if (!wanted(operation)) continue
    history.push(operation.kind)
    perform(npk, operation)
    model = applied(model, operation)
    const expected = describeModel(model)
    const read = [describeStore(npk), NumPack.with(path, { readOnly: true }, describeStore)]
    if (!isDeepStrictEqual(read, [expected, expected])) return JSON.stringify({ history, expected, read })
  }
  rmSync(path, { recursive: true })
  return null
}

describe('any sequence of operations leaves what a list of rows would hold', () => {
  test('save, drop, append, restore, update, replace', () => {
    const kinds = new Set(['save', 'drop', 'append', 'restore', 'update', 'replace'])
    const property = fc.property(sequences, sequence => {
      expect(faultOf(sequence, ({ kind }) => kinds.has(kind))).toBeNull()
    })
    fc.assert(property, { numRuns: Math.ceil(RUNS / STRIDE) })
  })

  test('all operations, batches and in-place edits too', () => {
    const property = fc.property(sequences, sequence => {
      expect(faultOf(sequence, () => true)).toBeNull()
    })
    fc.assert(property, { numRuns: Math.ceil(RUNS / STRIDE) })
  })
})
