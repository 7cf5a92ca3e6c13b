import { removeFolder } from '../../test-support/remove-folder.ts'
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NDArray, type NestedList } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { readFirstColumn, twoColumns } from '../test-support/two-columns.ts'
import { checkName } from './names.ts'
import { slice } from '../../array/selection.ts'
import { NO_LINKS } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-write-'))
  path = join(root, 'deep', 'store.npk')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ code: expected })

const nested = (axes: number): NestedList => (axes === 1 ? [1] : [nested(axes - 1)])

function endless(): NestedList {
  const list: NestedList[] = []
  list.push(list)
  return list
}

const bytesIn = (array: unknown): number[] => [...((array as NDArray).data as Uint8Array)]

describe('save', () => {
  test('takes lists, typed arrays, NDArrays; another dtype and shape replace the old ones', () => {
    using npk = NumPack.open(path)
    npk.save({ list: [[1, 2]], typed: Int16Array.of(1, 2), nd: twoColumns(3), flags: [true, false], big: [2n ** 60n] })
    expect(npk.getShape()).toEqual({ list: [1, 2], typed: [2], nd: [3, 2], flags: [2], big: [1] })
    npk.save({ nd: Uint8Array.of(7) })
    const again = npk.load('nd')
    expect([again.dtype, again.shape, again.toList()]).toEqual(['uint8', [1], [7]])
    expect(npk.load('big').get(0)).toBe(2n ** 60n)
  })

  test('forgets the rows that were deleted before', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(4) })
    npk.drop('a', [0, 1])
    npk.save({ a: twoColumns(4) })
    expect(readFirstColumn(path, 'a')).toEqual([0, 1, 2, 3])
    expect(readdirSync(path).filter(file => file.endsWith('.npkb'))).toEqual([])
  })

  test('zero-length axes are arrays; 0-D is refused, and then nothing is saved', () => {
    using npk = NumPack.open(path)
    npk.save({ none: NDArray.zeros([0, 3], 'int32') })
    expect(npk.getShape('none')).toEqual([0, 3])
    expect(() => npk.save({ a: [1], scalar: NDArray.zeros([], 'int32') })).toThrow(code('SHAPE'))
    expect(npk.getMemberList()).toEqual(['none'])
  })

  test.each([
    ['an unknown dtype', new NDArray('float8' as 'float16', [2], new Float16Array(2)), 'DTYPE'],
    ['elements of another dtype', new NDArray('float32', [2], new Float64Array(2)), 'DTYPE'],
    ['no elements', new NDArray('float32', [2], [1, 2] as unknown as Float32Array), 'DTYPE'],
    ['too few elements', new NDArray('float32', [3], new Float32Array(2)), 'SHAPE'],
    ['too many elements', new NDArray('complex64', [1], new Float32Array(4)), 'SHAPE'],
    ['a negative length', new NDArray('float32', [-2, -1], new Float32Array(2)), 'SHAPE'],
    ['fields that are no NDArray', { dtype: 'int8', shape: [2], data: new Uint8Array(2) }, 'DTYPE'],
  ] as const)('refuses an array put together wrongly: %s', (_, array, expected) => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    for (const write of [
      () => npk.save({ a: array }),
      () => npk.append({ a: array }),
      () => npk.replace({ a: array }, [0]),
    ]) {
      expect(write).toThrow(code(expected))
    }
    expect(() => npk.batchMode(batch => batch.save({ a: array }))).toThrow(code(expected))
    expect(npk.load('a').toList()).toEqual([1])
  })

  test.each(['a/b', 'a\\b', '..', '.', 'a\0', 'half \ud800', 'x'.repeat(242)])('refuses the name %j', name => {
    using npk = NumPack.open(path)
    expect(() => npk.save({ good: [1], [name]: [1] })).toThrow(code('NAME'))
    expect(npk.getMemberList()).toEqual([])
  })

  test.each(['', 'a b', 'größe', '数据', '🚀', 'x'.repeat(241), 'a..b', 'a~1'])('takes the name %j', name => {
    using npk = NumPack.open(path)
    npk.save({ [name]: [1] })
    npk.drop(name, 0)
    npk.save({ [name]: [1, 2] })
    npk.append({ [name]: [3] })
    expect(npk.load(name).toList()).toEqual([1, 2, 3])
  })

  test.each(['aux', 'nul.txt', 'ends.', 'ends ', 'a:b', 'what?'])(
    'the name %j, which Windows refuses, is refused there and a warning elsewhere',
    name => {
      expect(() => checkName(name, 'win32')).toThrow(code('NAME'))
      if (process.platform === 'win32') return
      using npk = NumPack.open(path)
      npk.save({ [name]: [1, 2] })
      expect(npk.load(name).toList()).toEqual([1, 2])
      expect(npk.damaged).toEqual([])
      expect(npk.warnings).toEqual([expect.stringMatching(/its name .*Windows/)])
    },
  )

  test.each([
    ['a list', () => nested(65)],
    ['an array', () => new NDArray('float64', Array<number>(65).fill(1), new Float64Array(1))],
    ['a list that holds itself', () => endless()],
  ])('%s of more than 64 axes is refused before anything is written', (_, make) => {
    using npk = NumPack.open(path)
    npk.save({ a: nested(64) })
    expect(npk.getShape('a')).toHaveLength(64)
    expect(() => npk.save({ b: [1], c: make() })).toThrow(code('SHAPE'))
    expect(npk.getMemberList()).toEqual(['a'])
  })

  test('names that differ only in case are refused where the disk takes them for the same', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const isOneFile = existsSync(join(path, '.NUMPACK.LOCK'))
    if (!isOneFile) {
      npk.save({ A: [2] })
      writeFileSync(join(path, '.NUMPACK.LOCK'), '')
    }
    for (const [one, other] of [
      ['ä', 'Ä'],
      ['ὀδός', 'ὈΔΌΣ'],
      ['straße', 'STRASSE'],
      ['é', 'E\u0301'],
    ] as const)
      expect(() => npk.save({ [one]: [1], [other]: [2] }), `${one} ${other}`).toThrow(code('NAME'))
    expect(() => npk.clone('a', 'A')).toThrow(code(isOneFile ? 'NAME' : 'EXISTS'))
    if (!isOneFile) npk.remove('A')
    expect(() => npk.save({ A: [2] })).toThrow(code('NAME'))
    expect(() => npk.clone('a', 'A')).toThrow(code('NAME'))
    expect(npk.getMemberList()).toEqual(['a'])
  })

  test('bools are 0 or 1 on disk whatever the byte in memory', () => {
    using npk = NumPack.open(path)
    npk.save({ a: new NDArray('bool', [3], Uint8Array.of(0, 1, 255)) })
    expect([...readFileSync(join(path, 'data_a.npkd'))]).toEqual([0, 1, 1])
  })

  test('bools are 0 or 1 wherever they are read, whatever the bytes on disk', async () => {
    const bytes = Uint8Array.from({ length: 67 }, (_, i) => (i % 3 === 0 ? 0 : 1 + ((i * 37) % 255)))
    const plain = Array.from(bytes, byte => Math.min(byte, 1))
    const npk = NumPack.open(path)
    npk.save({ a: new NDArray('bool', [67], Uint8Array.from(plain)) })
    writeFileSync(join(path, 'data_a.npkd'), bytes)
    const lazy = npk.load('a', { lazy: true })
    expect(bytesIn(npk.load('a'))).toEqual(plain)
    expect(bytesIn(lazy.get(slice(1, 60)))).toEqual(plain.slice(1, 60))
    expect(bytesIn(lazy.get(slice(null, null, 3)))).toEqual(plain.filter((_, i) => i % 3 === 0))
    expect(bytesIn(lazy.get([5, 1, 64]))).toEqual([5, 1, 64].map(row => plain[row]))
    expect(lazy.get(1)).toBe(true)
    expect([...lazy.batches(5)].flatMap(bytesIn)).toEqual(plain)
    expect((await lazy.statistics()).sum).toBe(BigInt(plain.filter(Boolean).length))
    for (const start of [1, 2, 3, 4]) {
      for (const length of [1, 2, 3, 5])
        expect(bytesIn(lazy.get(slice(start, start + length)))).toEqual(plain.slice(start, start + length))
    }
    npk.drop('a', [0, 3, 6, 7])
    const left = plain.filter((_, row) => ![0, 3, 6, 7].includes(row))
    expect(bytesIn(npk.load('a'))).toEqual(left)
    expect([...npk.load('a', { lazy: true }).batches(5)].flatMap(bytesIn)).toEqual(left)
    npk.update('a')
    const { dataFile } = npk.getMetadata().arrays['a'] as { dataFile: string }
    expect([...readFileSync(join(path, dataFile))]).toEqual(left)
    npk.close()
  })

  test('bools of rows far apart, read one after another into the result, are 0 or 1', () => {
    using npk = NumPack.open(path)
    npk.save({ a: NDArray.zeros([20_000, 5], 'bool') })
    writeFileSync(join(path, 'data_a.npkd'), new Uint8Array(100_000).fill(7))
    const rows = npk.load('a', { lazy: true }).get([1, 10_000])
    expect(bytesIn(rows)).toEqual(Array(10).fill(1))
  })

  testUnless(NO_LINKS)('never writes through a link that lies where its file would be', () => {
    mkdirSync(path, { recursive: true })
    const outside = join(root, 'outside.bin')
    writeFileSync(outside, 'precious')
    symlinkSync(outside, join(path, 'data_a.npkd'))
    using npk = NumPack.open(path, { dropIfExists: true })
    npk.save({ a: [1, 2] })
    expect(readFileSync(outside, 'utf8')).toBe('precious')
    expect(npk.load('a').toList()).toEqual([1, 2])
  })
})
