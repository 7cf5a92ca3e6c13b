import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DType } from '../../format/dtype.ts'
import { type ArrayRecord, decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { LOCK_FILE } from '../../format/names.ts'
import { watchAllocations } from '../../test-support/allocations.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { slice } from '../../array/selection.ts'
import { watchDisk } from '../test-support/watch-disk.ts'
import type { RowSelection } from './rows.ts'

let root = ''
let path = ''
let outside = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-'))
  path = join(root, 'store.npk')
  outside = join(root, 'outside')
  mkdirSync(outside)
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ name: 'NumPackError', code: expected })
const typed = expect.objectContaining({ name: 'NumPackError' })

function moveData(dataFileOf: (record: ArrayRecord) => string): void {
  const file = join(path, 'metadata.npkm')
  const { records } = decodeMetadata(readFileSync(file), file)
  const moved = records.map(record => {
    const { name, dtype, shape, sizeBytes, lastModified } = record
    return { name, dtype: dtype as DType, shape, sizeBytes, lastModified, dataFile: dataFileOf(record) }
  })
  writeFileSync(file, encodeMetadata(moved))
}

function errorOf(work: () => unknown): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}

function claim(shape: readonly number[]): void {
  mkdirSync(path)
  const record = { name: 'a', dtype: 'uint8', shape, dataFile: 'data_a.npkd', lastModified: 0, sizeBytes: 0 } as const
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([record]))
  writeFileSync(join(path, 'data_a.npkd'), '')
}

const save = (): void => NumPack.with(path, npk => npk.save({ a: [1] }))

describe('shapes and sizes that cost nothing to claim', () => {
  test.each([24_394_072_076, 2 ** 40, 2 ** 53 - 1])('rows of an array [%i, 0] are not deleted one by one', rows => {
    claim([rows, 0])
    using npk = NumPack.open(path)
    for (const change of [
      () => npk.drop('a', 0),
      () => npk.drop('a', slice(0, 10, 3)),
      () => npk.drop('a'),
      () => npk.batchMode(() => npk.drop('a', 0)),
    ]) {
      expect(change).toThrow(code('SHAPE'))
    }
    expect(readdirSync(path).sort()).toEqual([LOCK_FILE, 'data_a.npkd', 'metadata.npkm'])
  })

  test('everything else that can be done with an array [2^40, 0] ends at once, without a word or with a typed error', () => {
    claim([2 ** 40, 0])
    using npk = NumPack.open(path)
    for (const work of [
      () => npk.load('a'),
      () => npk.replace({ a: NDArray.zeros([2 ** 40, 0], 'uint8') }, slice()),
      () => npk.append({ a: NDArray.zeros([3, 0], 'uint8') }),
      () => npk.batchMode(() => npk.replace({ a: NDArray.zeros([2 ** 40, 0], 'uint8') }, slice())),
      () => npk.batchMode(() => npk.append({ a: NDArray.zeros([2 ** 40, 0], 'uint8') })),
      () => npk.load('a').set('...', 1),
      () => npk.restore('a'),
      () => npk.update('a'),
      () => npk.clone('a', 'b'),
      () => npk.writableBatchMode(wb => void wb.load('a').set('...', 1).iadd(1)),
    ]) {
      expect(errorOf(work)).toBeOneOf([null, typed])
    }
  })

  test('an array [1000, 0] is an array like any other', () => {
    claim([1000, 0])
    using npk = NumPack.open(path)
    expect(npk.drop('a', slice(0, 10))).toBe(10)
    expect(npk.getShape('a')).toEqual([990, 0])
    npk.update('a')
    expect(npk.getMetadata().arrays['a']).toMatchObject({ physicalShape: [990, 0], deletedRows: 0 })
  })

  test('an append is refused where it would cut off the rows of another array in the same file', () => {
    NumPack.with(path, npk => npk.save({ a: [1, 2], b: [1, 2, 3, 4] }))
    moveData(() => 'data_b.npkd')
    using npk = NumPack.open(path)
    expect(() => npk.append({ a: [99] })).toThrow(code('DAMAGED'))
    expect([npk.load('a').toList(), npk.load('b').toList()]).toEqual([
      [1, 2],
      [1, 2, 3, 4],
    ])
    npk.append({ b: [5] })
    expect([npk.load('a').toList(), npk.load('b').toList()]).toEqual([
      [1, 2],
      [1, 2, 3, 4, 5],
    ])
  })

  test('an append is refused where it would cut off the rows of another array in the same segment', () => {
    NumPack.with(path, npk => npk.save({ a: [1, 2], b: [1, 2, 3, 4] }))
    const segment = 'data_b_segments/seg_000000.npkd'
    mkdirSync(join(path, 'data_b_segments'))
    renameSync(join(path, 'data_b.npkd'), join(path, segment))
    moveData(({ name, shape, sizeBytes }) => {
      const segments = [{ file: segment, rows: shape[0], bytes: sizeBytes }]
      writeFileSync(join(path, `data_${name}.npkseg`), JSON.stringify({ version: 1, segments }))
      return `data_${name}.npkseg`
    })
    using npk = NumPack.open(path)
    expect(() => npk.append({ a: [99] })).toThrow(code('DAMAGED'))
    expect([npk.load('a').toList(), npk.load('b').toList()]).toEqual([
      [1, 2],
      [1, 2, 3, 4],
    ])
  })

  test.each<[string, [rows?: RowSelection], number]>([
    ['one row', [[0]], 2 ** 20 - 1],
    ['every third row', [slice(null, null, 3)], 699_050],
    ['all rows', [], 0],
  ])('a batch that drops %s of an array [2^20, 0] takes one bit a row', (_what, rows, left) => {
    claim([2 ** 20, 0])
    using npk = NumPack.open(path)
    npk.batchMode(() => {
      const { result, largest } = watchAllocations(() => npk.drop('a', ...rows))
      expect([result, npk.getShape('a')]).toEqual([2 ** 20 - left, [left, 0]])
      expect(largest).toBeLessThanOrEqual(2 ** 20 / 8 + 16)
    })
  })

  test('a sparse bitmap for rows of no bytes is damage, and is not read', () => {
    claim([2 ** 34, 0])
    writeFileSync(join(path, 'deleted_a.npkb'), new Uint8Array(new BigUint64Array([2n ** 34n, 2n ** 34n]).buffer))
    truncateSync(join(path, 'deleted_a.npkb'), 16 + 2 ** 31)
    expect(NumPack.with(path, npk => npk.damaged)).toEqual([{ name: 'a', reason: expect.stringContaining('bitmap') }])
  })

  test('sparse bitmaps of a store are read up to a limit for all of them together', () => {
    mkdirSync(path)
    const rows = 2 ** 31
    const names = ['a', 'b', 'c']
    const records = names.map(
      name =>
        ({
          name,
          dtype: 'uint8',
          shape: [rows],
          dataFile: `data_${name}.npkd`,
          lastModified: 0,
          sizeBytes: rows,
        }) as const,
    )
    writeFileSync(join(path, 'metadata.npkm'), encodeMetadata(records))
    for (const name of names) {
      writeFileSync(join(path, `data_${name}.npkd`), '')
      truncateSync(join(path, `data_${name}.npkd`), rows)
      writeFileSync(join(path, `deleted_${name}.npkb`), new Uint8Array(new BigUint64Array([BigInt(rows), 0n]).buffer))
      truncateSync(join(path, `deleted_${name}.npkb`), 16 + rows / 8)
    }
    expect(NumPack.with(path, { readOnly: true }, npk => npk.damaged.map(({ name }) => name))).toEqual(['b', 'c'])
  })

  test('sparse metadata of a terabyte are refused before they are read', () => {
    claim([3, 0])
    truncateSync(join(path, 'metadata.npkm'), 2 ** 40)
    expect(() => NumPack.open(path)).toThrow(code('DAMAGED'))
  })
})

describe('the lock file', () => {
  test.each(['there', 'not there'])('that is a link to a file that is %s is refused, and no file is made', where => {
    mkdirSync(path)
    const target = join(outside, 'target')
    if (where === 'there') writeFileSync(target, '')
    symlinkSync(target, join(path, LOCK_FILE))
    expect(save).toThrow(code('IO'))
    expect(existsSync(target)).toBe(where === 'there')
  })

  test('that is not empty is not opened as a database: no journal of it is played back', () => {
    mkdirSync(path)
    writeFileSync(join(path, LOCK_FILE), 'SQLite format 3\0 and so on')
    writeFileSync(join(path, `${LOCK_FILE}-journal`), 'a journal')
    expect(save).toThrow(code('IO'))
    expect(readFileSync(join(path, LOCK_FILE), 'latin1')).toBe('SQLite format 3\0 and so on')
    expect(readFileSync(join(path, `${LOCK_FILE}-journal`), 'utf8')).toBe('a journal')
  })

  test.each(['-journal', '-wal', '-shm'])('with a link beside it as %s leads to nothing', ending => {
    mkdirSync(path)
    const target = join(outside, 'target')
    writeFileSync(target, 'precious')
    symlinkSync(target, join(path, `${LOCK_FILE}${ending}`))
    expect(save).toThrow(code('IO'))
    expect(readFileSync(target, 'utf8')).toBe('precious')
  })

  test('with the journal beside it that older versions leave when they are killed is locked all the same', () => {
    mkdirSync(path)
    writeFileSync(join(path, `${LOCK_FILE}-journal`), new Uint8Array(512))
    save()
    expect(lstatSync(join(path, LOCK_FILE)).size).toBe(0)
  })

  test('has nothing beside it while it is held', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const seen: string[] = []
    watchDisk(
      () => seen.push(...readdirSync(path).filter(file => file.startsWith(`${LOCK_FILE}-`))),
      () => npk.append({ a: [2] }),
    )
    expect(seen).toEqual([])
  })
})
