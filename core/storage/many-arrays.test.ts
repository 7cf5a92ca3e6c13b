import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { NumPack } from './numpack.ts'

/** Names of the functions of `node:fs` that were called, and the number of entries that they listed. */
const done = vi.hoisted(() => ({ calls: [] as string[], listed: 0 }))
vi.mock('node:fs', async load => {
  const fs = await load<typeof import('node:fs')>()
  const counted = Object.entries(fs).map(([name, value]: [string, unknown]): [string, unknown] => {
    if (!name.endsWith('Sync') || typeof value !== 'function') return [name, value]
    const call = (...given: unknown[]): unknown => {
      const result: unknown = Reflect.apply(value, fs, given)
      done.calls.push(name)
      if (name === 'readdirSync') done.listed += (result as unknown[]).length
      return result
    }
    return [name, Object.assign(call, value)]
  })
  return { ...fs, ...Object.fromEntries(counted) }
})

const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
]

const OPERATIONS: Readonly<Record<string, (npk: NumPack) => unknown>> = {
  'save a new array': npk => npk.save({ new: ROWS }),
  'save an array again': npk => npk.save({ new: ROWS }),
  append: npk => npk.append({ new: ROWS }),
  replace: npk => npk.replace({ new: [[7, 8]] }, [1]),
  drop: npk => npk.drop('new', 0),
  'append to deleted rows': npk => npk.append({ new: ROWS }),
  update: npk => npk.update('new'),
  clone: npk => npk.clone('new', 'copy'),
  remove: npk => npk.remove('copy'),
  'edit in place': npk => npk.writableBatchMode(batch => batch.load('new').iadd(1)),
  'save in a batch': npk => npk.batchMode(batch => batch.save({ new: ROWS })),
  'hasArray after a save': npk => npk.hasArray('new'),
  getModifyTime: npk => npk.getModifyTime('new'),
}

/** Returns, for each operation in a store of this many arrays, the calls that it makes and the entries that they list. */
function costs(arrays: number): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-'))
  try {
    return NumPack.with(join(folder, 'x.npk'), npk => {
      npk.save(Object.fromEntries(Array.from({ length: arrays }, (_, i) => [`array ${i}`, [i]])))
      return Object.fromEntries(
        Object.entries(OPERATIONS).map(([what, operate]) => {
          done.calls.length = 0
          done.listed = 0
          operate(npk)
          return [what, { calls: done.calls.toSorted(), listed: done.listed }]
        }),
      )
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('an operation on one array takes as many system calls in a store of 300 arrays as in a store of 3', () => {
  const few = costs(3)
  expect(Object.values(few)).not.toContainEqual({ calls: [], listed: 0 })
  expect(costs(300)).toEqual(few)
})

test('two users of one store who save in turn keep each other’s arrays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-'))
  try {
    using mine = NumPack.open(join(folder, 'x.npk'))
    using other = NumPack.open(join(folder, 'x.npk'))
    mine.save({ a: ROWS, gone: ROWS })
    other.save({ b: ROWS })
    other.remove('gone')
    mine.save({ c: ROWS })
    other.append({ a: ROWS, c: ROWS })
    for (const npk of [mine, other]) {
      expect(npk.getMemberList()).toEqual(['a', 'b', 'c'])
      expect(npk.load('a').shape).toEqual([6, 2])
      expect(npk.getShape()).toEqual({ a: [6, 2], b: [3, 2], c: [6, 2] })
      expect(npk.warnings).toEqual([])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
