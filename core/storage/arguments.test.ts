import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { testUnless } from '../test-support/test-unless.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arguments-'))
})

afterEach(() => removeFolder(folder))

const ARGUMENT = expect.objectContaining({ code: 'ARGUMENT', constructor: NumPackError }) as Error

const as = (value: unknown) => value as never

describe('what has the wrong type is refused by the call itself, and nothing is changed', () => {
  test.each<[string, (npk: NumPack) => unknown]>([
    ['a name that is none', npk => npk.load(as(Symbol('a')))],
    ['a row that is none', npk => npk.load('a', { lazy: true }).physicalRow(as(Symbol('0')))],
    ['a row as text', npk => npk.load('a', { lazy: true }).physicalRow(as('0'))],
    ['another one', npk => npk.getShape(as(5))],
    ['a batch without work', npk => npk.batchMode(as('save'))],
    ['a writable batch without work', npk => npk.writableBatchMode(as(undefined))],
    ['no function for elements', npk => npk.writableBatchMode(batch => void batch.load('a').apply(as(2)))],
    ['no function for blocks', npk => npk.writableBatchMode(batch => void batch.load('a').applyBlocks(as(null)))],
    ['a name that was not set', npk => npk.getShape(as(undefined))],
    ['no name where one was meant', npk => npk.drop(as(undefined))],
    ['rows to drop that were not set', npk => npk.drop('a', as(undefined))],
    ['rows to restore that were not set', npk => npk.restore('a', as(undefined))],
    ['rows to drop in a batch that were not set', npk => npk.batchMode(batch => batch.drop('a', as(undefined)))],
    ['rows to replace that were not set', npk => npk.replace({ a: [9] }, as(undefined))],
    ['rows to get that were not set', npk => npk.getitem('a', as(undefined))],
    ['a Map to save', npk => npk.save(as(new Map([['a', [9]]])))],
    ['a promise to save', npk => npk.save(as(Promise.resolve({ a: [9] })))],
    ['a date to save', npk => npk.save(as(new Date()))],
    ['a Set to append', npk => npk.append(as(new Set([[9]])))],
    ['a Map to replace', npk => npk.replace(as(new Map([['a', [9]]])), 0)],
    ['an array without a name to save', npk => npk.save(as(NDArray.from([9])))],
    ['a Map to save in a batch', npk => npk.batchMode(batch => batch.save(as(new Map([['a', [9]]]))))],
    ['a promise of an array to save', npk => npk.save({ a: as(Promise.resolve([9])) })],
    ['an array that was not set to save', npk => npk.save({ a: as(undefined) })],
    ['options of load', npk => npk.load('a', as(null))],
    ['options of batches', npk => npk.load('a', { lazy: true }).batches(2, as(null))],
    ['options of streamLoad', npk => npk.streamLoad('a', 2, as(true))],
    ['options of NDArray.from', () => NDArray.from([1], as('int8'))],
    ['options of equals', npk => npk.load('a').equals([1], as(null))],
  ])('%s', (_, call) => {
    using npk = NumPack.open(join(folder, 's.npk'))
    npk.save({ a: [1, 2, 3] })
    expect(() => call(npk)).toThrow(ARGUMENT)
    expect(npk.load('a').toList()).toEqual([1, 2, 3])
    npk.append({ a: [4] })
    expect(npk.getShape('a')).toEqual([4])
  })

  test.each([['a\0b'], [''], [7]])('the path %j', path => {
    expect(() => new NumPack(as(path))).toThrow(ARGUMENT)
  })

  test('NumPack.with has made no folder', () => {
    const path = join(folder, 'new.npk')
    expect(() => NumPack.with(path, as('work'))).toThrow(ARGUMENT)
    expect(() => NumPack.open(path, as(null))).toThrow(ARGUMENT)
    expect(existsSync(path)).toBe(false)
  })
})

testUnless(process.platform === 'linux' ? null : 'only Linux has /dev/null and /proc as files')(
  'a store where no folder can be made is refused; it does not hang',
  () => {
    expect(() => NumPack.open(join('/dev/null', 's.npk'))).toThrow(/not a folder/)
    const module = pathToFileURL(join(import.meta.dirname, 'numpack.ts')).href
    const script = `import { NumPack } from '${module}'; NumPack.open('/proc/none/s.npk')`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect([status, stderr]).toEqual([1, expect.stringContaining('NumPackError: Can')])
    expect(stderr).toContain('/proc/none/s.npk')
  },
)
