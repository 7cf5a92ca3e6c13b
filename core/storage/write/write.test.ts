import { removeFolder } from '../../test-support/remove-folder.ts'
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { withLock } from '../../system/lock.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { readFirstColumn, twoColumns } from '../test-support/two-columns.ts'
import { killHolder, startLockHolder } from '../../test-support/lock-programs.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { slice } from '../../array/selection.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-write-'))
  path = join(root, 'deep', 'store.npk')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ code: expected })

describe('opening for writing', () => {
  test('makes the folder and its parents; an empty folder is an empty store', () => {
    using npk = NumPack.open(path)
    expect(npk.getMemberList()).toEqual([])
    expect(readdirSync(path)).toEqual([])
  })

  test('read-only, every change is refused', () => {
    {
      using npk = NumPack.open(path)
      npk.save({ a: [1] })
    }
    using npk = NumPack.open(path, { readOnly: true })
    const changes = [
      () => npk.save({ a: [1] }),
      () => npk.append({ a: [1] }),
      () => npk.replace({ a: [1] }, 0),
      () => npk.drop('a'),
      () => npk.restore('a'),
      () => npk.remove('a'),
      () => npk.update('a'),
      () => npk.clone('a', 'b'),
      () => npk.reset(),
      () => npk.beginBatch(),
      () => npk.beginWritableBatch(),
    ]
    for (const change of changes) expect(change).toThrow(code('READ_ONLY'))
  })

  test('dropIfExists empties the store once, and leaves what is not NumPack’s', () => {
    {
      using npk = NumPack.open(path)
      npk.save({ a: [1], b: [2] })
      npk.drop('a')
    }
    writeFileSync(join(path, 'notes.txt'), 'mine')
    writeFileSync(join(path, 'metadata.npkm'), 'not metadata at all')
    const npk = new NumPack(path, { dropIfExists: true, warnNoContext: false })
    npk.open()
    expect(npk.getMemberList()).toEqual([])
    npk.save({ c: [3] })
    npk.close()
    npk.open()
    expect(npk.getMemberList()).toEqual(['c'])
    npk.close()
    expect(
      readdirSync(path)
        .filter(file => !file.startsWith('.'))
        .sort(),
    ).toEqual(['data_c.npkd', 'metadata.npkm', 'notes.txt'])
  })

  test('data files without metadata are damage, never an empty store', () => {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'data_a.npkd'), 'abcd')
    expect(() => NumPack.open(path)).toThrow(code('DAMAGED'))
    expect(existsSync(join(path, 'data_a.npkd'))).toBe(true)
  })
})

describe('append', () => {
  test('adds active rows behind deleted ones, in the same word of the bitmap too', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(60) })
    npk.drop('a', [0, 58, 59])
    npk.append({ a: twoColumns(10) })
    expect(readFirstColumn(path, 'a')).toEqual([
      ...Array.from({ length: 57 }, (_, i) => i + 1),
      ...Array.from({ length: 10 }, (_, i) => i),
    ])
    expect(npk.getMetadata().arrays['a']).toMatchObject({ physicalShape: [70, 2], deletedRows: 3 })
  })

  test('checks all arrays before it writes any; no rows do nothing', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(2), b: [1] })
    const before = npk.getModifyTime('a')
    expect(() => npk.append({ a: twoColumns(1), b: [[1]] })).toThrow(code('SHAPE'))
    expect(() => npk.append({ a: twoColumns(1), b: Float32Array.of(1) })).toThrow(code('DTYPE'))
    expect(() => npk.append({ a: twoColumns(1), nothing: [1] })).toThrow(code('NOT_FOUND'))
    npk.append({ a: NDArray.zeros([0, 2], 'float32') })
    expect(npk.getShape()).toEqual({ a: [2, 2], b: [1] })
    expect(npk.getModifyTime('a')).toBe(before)
  })

  test('writes where the rows end, whatever an interrupted append left behind them', () => {
    using npk = NumPack.open(path)
    npk.save({ a: Uint8Array.of(1, 2) })
    writeFileSync(join(path, 'data_a.npkd'), Uint8Array.of(1, 2, 99, 98, 97))
    npk.append({ a: Uint8Array.of(3) })
    expect([...readFileSync(join(path, 'data_a.npkd'))]).toEqual([1, 2, 3])
  })

  test('to a segmented array goes to the last segment; what is read is one array', () => {
    using store = new ScratchStore({
      name: 'a',
      dtype: 'int16',
      shape: [5, 2],
      data: Int16Array.from({ length: 10 }, (_, i) => i),
      segments: [2, 3],
      deleted: [1],
    })
    using npk = NumPack.open(store.path)
    npk.append({ a: NDArray.from(Int16Array.of(50, 51), { shape: [1, 2] }) })
    expect(readFirstColumn(store.path, 'a')).toEqual([0, 4, 6, 8, 50])
    expect(npk.getMetadata().arrays['a']?.segments).toBe(2)
    npk.update('a')
    expect(npk.getMetadata().arrays['a']?.segments).toBeUndefined()
    expect(readFirstColumn(store.path, 'a')).toEqual([0, 4, 6, 8, 50])
    expect(readdirSync(store.path).filter(file => file.includes('seg'))).toEqual([])
  })
})

describe('replace', () => {
  test.each([
    ['an integer', 1, [[70, 0]], [0, 70, 2, 3]],
    ['an integer and a bare row', -1, [70, 0], [0, 1, 2, 70]],
    [
      'a list in any order, the last of repeats counting',
      [2, 0, 2],
      [
        [70, 0],
        [71, 0],
        [72, 0],
      ],
      [71, 1, 72, 3],
    ],
    [
      'a slice backwards',
      slice(null, null, -2),
      [
        [70, 0],
        [71, 0],
      ],
      [0, 71, 2, 70],
    ],
    [
      'a mask',
      [false, true, true, false],
      [
        [70, 0],
        [71, 0],
      ],
      [0, 70, 71, 3],
    ],
  ])('logical rows by %s', (_what, rows, values, expected) => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(6) })
    npk.drop('a', [0, 3])
    npk.replace({ a: twoColumns(4) }, slice(0, 4))
    npk.replace({ a: values }, rows)
    expect(readFirstColumn(path, 'a')).toEqual(expected)
    npk.restore('a')
    const restored = readFirstColumn(path, 'a')
    expect([restored[0], restored[3]]).toEqual([0, 3])
  })

  test('needs as many values as rows, and rows that are there', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(3) })
    expect(() => npk.replace({ a: twoColumns(1) }, [0, 1])).toThrow(code('SHAPE'))
    expect(() => npk.replace({ a: twoColumns(1) }, 3)).toThrow(code('INDEX'))
    expect(() => npk.replace({ a: twoColumns(1, 'int16') }, 0)).toThrow(code('DTYPE'))
    expect(readFirstColumn(path, 'a')).toEqual([0, 1, 2])
  })

  test('a lazy array that is open sees the new rows', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(3) })
    const lazy = npk.load('a', { lazy: true })
    npk.replace({ a: [[9, 9]] }, 1)
    expect(lazy.get(1, 0)).toBe(9)
  })
})

describe('drop, restore, update', () => {
  test('rows are logical, repeats count once, negatives count from the end', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(100) })
    expect(npk.drop('a', slice(0, 70))).toBe(70)
    expect(npk.drop('a', [0, 0, -1])).toBe(2)
    expect(readFirstColumn(path, 'a')).toEqual(Array.from({ length: 28 }, (_, i) => i + 71))
    expect(() => npk.drop('a', [28])).toThrow(code('INDEX'))
    expect(npk.drop('a', slice(0, 1000))).toBe(28)
    expect(npk.getShape('a')).toEqual([0, 2])
  })

  test('without rows the name stays, with no rows, until restore; of nothing it does nothing', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(3), b: twoColumns(2) })
    expect(npk.drop(['a', 'nothing', 'b'])).toBe(5)
    expect(npk.drop('nothing')).toBe(0)
    expect(() => npk.drop('nothing', 0)).toThrow(code('NOT_FOUND'))
    expect(npk.getShape()).toEqual({ a: [0, 2], b: [0, 2] })
    expect(npk.restore('a', [1])).toBe(1)
    expect(readFirstColumn(path, 'a')).toEqual([1])
    expect(npk.restore('a')).toBe(2)
    expect(readFirstColumn(path, 'a')).toEqual([0, 1, 2])
    expect(existsSync(join(path, 'deleted_a.npkb'))).toBe(false)
  })

  test('update makes the drop final and the file small', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(1000) })
    npk.update('a')
    npk.drop('a', slice(0, 999))
    npk.update('a')
    expect(npk.restore('a')).toBe(0)
    expect(readFirstColumn(path, 'a')).toEqual([999])
    expect(npk.getMetadata().arrays['a']).toMatchObject({ sizeBytes: 8, physicalShape: [1, 2], deletedRows: 0 })
  })

  test('a torn bitmap can be read, and not written to', () => {
    using store = new ScratchStore({ name: 'a', dtype: 'int8', shape: [100], data: new Int8Array(100), deleted: [1] })
    writeFileSync(store.file('deleted_a.npkb'), readFileSync(store.file('deleted_a.npkb')).subarray(0, 24))
    using npk = NumPack.open(store.path)
    expect(npk.getShape('a')).toEqual([99])
    for (const change of [() => npk.drop('a', 0), () => npk.append({ a: Int8Array.of(1) }), () => npk.update('a')]) {
      expect(change).toThrow(code('DAMAGED'))
    }
    npk.save({ a: [1] })
    expect(npk.load('a').toList()).toEqual([1])
  })
})

describe('clone, remove, reset', () => {
  test('a clone is independent and holds the logical rows only', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(5) })
    npk.drop('a', [1, 2])
    npk.clone('a', 'b')
    npk.replace({ a: [[50, 50]] }, 0)
    expect(readFirstColumn(path, 'b')).toEqual([0, 3, 4])
    expect(npk.getMetadata().arrays['b']).toMatchObject({ physicalShape: [3, 2], deletedRows: 0 })
    expect(() => npk.clone('a', 'b')).toThrow(code('EXISTS'))
    expect(() => npk.clone('nothing', 'c')).toThrow(code('NOT_FOUND'))
    expect(() => npk.clone('a', '../c')).toThrow(code('NAME'))
  })

  test('remove takes the array and its files away; reset all of them', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(5), b: [1], c: [2] })
    npk.drop('a', 0)
    npk.remove('a')
    expect(readdirSync(path).sort()).toEqual(['.numpack.lock', 'data_b.npkd', 'data_c.npkd', 'metadata.npkm'])
    expect(() => npk.remove('a')).toThrow(code('NOT_FOUND'))
    npk.reset()
    expect(readdirSync(path).sort()).toEqual(['.numpack.lock', 'metadata.npkm'])
    expect(npk.getMemberList()).toEqual([])
  })
})

describe('other programs', () => {
  test('arrays that another program added stay, and records nobody knows are kept byte for byte', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const file = join(path, 'metadata.npkm')
    const { records } = decodeMetadata(Uint8Array.from(readFileSync(file)))
    const added = {
      name: 'theirs',
      dtype: 'int8',
      shape: [1],
      dataFile: 'data_theirs.npkd',
      lastModified: 5,
      sizeBytes: 1,
    } as const
    const bytes = encodeMetadata([...records, added])
    bytes[bytes.length - 23] = 99
    writeFileSync(file, bytes)
    const before = decodeMetadata(bytes).records.find(record => record.name === 'theirs')
    npk.append({ a: [2] })
    const after = decodeMetadata(Uint8Array.from(readFileSync(file))).records.find(record => record.name === 'theirs')
    expect(after?.raw).toEqual(before?.raw)
    expect(npk.damaged.map(({ name }) => name)).toEqual(['theirs'])
  })

  test('instances of one process see each other’s writes, drops of the same row count twice in a row too', () => {
    using one = NumPack.open(path)
    using two = NumPack.open(path)
    one.save({ a: twoColumns(10) })
    for (let left = 9; left > 0; left--) {
      one.drop('a', 0)
      expect(two.getShape('a')).toEqual([left, 2])
      expect(two.load('a').get(0, 0)).toBe(10 - left)
    }
  })

  test('a lazy array whose array was replaced says so', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(3) })
    const lazy = npk.load('a', { lazy: true })
    npk.save({ a: twoColumns(3) })
    expect(() => lazy.get(0)).toThrow(code('CHANGED_ON_DISK'))
  })

  test('a writer waits for another process, and gives up with a sentence that says what to do', async () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const holder = await startLockHolder(path)
    const error = expect.objectContaining({
      code: 'IO',
      message: expect.stringMatching(/being written to by another program.*try again/s),
    })
    expect(() => withLock(path, () => 1, { waitMs: 200 })).toThrow(error)
    await killHolder(holder)
    npk.append({ a: [2] })
    expect(npk.load('a').toList()).toEqual([1, 2])
  })
})
