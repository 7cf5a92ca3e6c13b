import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBitmap } from '../../format/bitmap.ts'
import { decodeMetadata, encodeMetadata, type RecordToWrite } from '../../format/metadata.ts'
import { disk } from '../../system/files.ts'
import { NumPack } from '../numpack.ts'
import { SWITCH_FOLDER } from '../read/switch.ts'

/** NumPack has no lock: it may save, as it does when it closes a store, until an operation replaces files. */

const { sync } = disk

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'beside-numpack-'))
  path = join(root, 'store.npk')
})

afterEach(() => {
  disk.sync = sync
  removeFolder(root)
})

/** Saves float64 values as NumPack does: the data file, then the metadata by a rename. */
function saveAsNumPack(name: string, values: readonly number[]): void {
  const metadata = join(path, 'metadata.npkm')
  const { records } = decodeMetadata(readFileSync(metadata), metadata)
  const dataFile = `data_${name}.npkd`
  const data = Float64Array.from(values)
  writeFileSync(join(path, dataFile), data)
  const record: RecordToWrite = {
    name,
    dtype: 'float64',
    shape: [values.length],
    dataFile,
    sizeBytes: data.byteLength,
    lastModified: Date.now() * 1000,
  }
  writeFileSync(`${metadata}.tmp.1_2_3`, encodeMetadata([...records.filter(other => other.name !== name), record]))
  renameSync(`${metadata}.tmp.1_2_3`, metadata)
}

/** Marks rows as dropped, as NumPack does: only the bitmap changes. */
function dropAsNumPack(name: string, rows: number, dropped: readonly number[]): void {
  const bitmap = encodeBitmap(rows, row => dropped.includes(row))
  writeFileSync(join(path, `deleted_${name}.npkb`), bitmap)
}

/** Runs `work`, and `meanwhile` after the sync of that number. Returns whether there are as many. */
function withSaveAfterSync(number: number, meanwhile: () => void, work: () => void): boolean {
  let syncs = 0
  disk.sync = fd => {
    sync(fd)
    if (!existsSync(join(path, SWITCH_FOLDER)) && syncs++ === number) meanwhile()
  }
  try {
    work()
  } finally {
    disk.sync = sync
  }
  return syncs > number
}

const OPERATIONS: Record<string, (npk: NumPack) => void> = {
  save: npk => npk.save({ new: [1, 2, 3] }),
  'save over an array': npk => npk.save({ a: [1, 2, 3] }),
  append: npk => npk.append({ a: Float64Array.of(9) }),
  'append to an array with deleted rows': npk => npk.append({ d: Float64Array.of(9) }),
  update: npk => npk.update('d'),
  clone: npk => npk.clone('a', 'copy'),
  remove: npk => npk.remove('a'),
  batch: npk => npk.batchMode(batch => batch.save({ new: [1, 2, 3] })),
  drop: npk => void npk.drop('a', [1]),
  replace: npk => npk.replace({ a: Float64Array.of(9) }, 1),
}

function makeStore(): NumPack {
  removeFolder(path)
  const npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1, 2, 3), d: Float64Array.of(1, 2, 3), other: Float64Array.of(1) })
  npk.drop('d', [0])
  return npk
}

const contentOf = (): Record<string, unknown> =>
  NumPack.with(path, { readOnly: true }, npk =>
    Object.fromEntries(npk.getMemberList().map(name => [name, npk.load(name).toList()])),
  )

describe.each(Object.entries(OPERATIONS))('%s', (_, operation) => {
  test('keeps what NumPack saves meanwhile, and does what it does otherwise', () => {
    using alone = makeStore()
    operation(alone)
    alone.close()
    const expected = contentOf()
    for (let number = 0; ; number++) {
      using npk = makeStore()
      const meanwhile = (): void => {
        saveAsNumPack('result', [4, 5])
        saveAsNumPack('other', [6, 7, 8])
      }
      if (!withSaveAfterSync(number, meanwhile, () => operation(npk))) break
      expect(contentOf(), `after sync ${number}`).toEqual({ ...expected, result: [4, 5], other: [6, 7, 8] })
      expect(npk.getMemberList().sort()).toEqual(Object.keys({ ...expected, result: null }).sort())
      npk.save({ later: [1] })
      expect(contentOf()).toMatchObject({ result: [4, 5], other: [6, 7, 8], later: [1] })
    }
  })
})

test('an array that NumPack saves while it is appended to is not overwritten', () => {
  using npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1, 2, 3), b: [1] })
  const append = (): void => npk.append({ a: Float64Array.of(4) })
  expect(() => withSaveAfterSync(0, () => saveAsNumPack('a', [7, 8]), append)).toThrow(
    expect.objectContaining({ code: 'CHANGED_ON_DISK', details: expect.objectContaining({ array: 'a' }) }),
  )
  expect(npk.load('a').toList()).toEqual([7, 8])
})

test.each(['save', 'clone'] as const)('an array that NumPack saves while %s writes one of that name is kept', kind => {
  using npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1, 2, 3) })
  const work = (): void => (kind === 'save' ? npk.save({ new: [1, 2, 3] }) : npk.clone('a', 'new'))
  expect(() => withSaveAfterSync(0, () => saveAsNumPack('new', [7, 8]), work)).toThrow(
    expect.objectContaining({ code: 'CHANGED_ON_DISK', details: expect.objectContaining({ array: 'new' }) }),
  )
  expect(contentOf()).toEqual({ a: [1, 2, 3], new: [7, 8] })
  expect(npk.load('new').toList()).toEqual([7, 8])
})

const CHANGES: Record<string, (npk: NumPack) => void> = {
  'save over an array': npk => npk.save({ a: [1, 2, 3, 4, 5] }),
  append: npk => npk.append({ a: Float64Array.of(9) }),
  drop: npk => void npk.drop('a', [1]),
  'batch over an array': npk => npk.batchMode(batch => batch.save({ a: [1, 2, 3, 4, 5] })),
}

test.each(Object.entries(CHANGES))('%s: rows of the array that NumPack drops meanwhile stay dropped', (_, change) => {
  using npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1, 2, 3), other: Float64Array.of(1) })
  expect(() =>
    withSaveAfterSync(
      0,
      () => dropAsNumPack('a', 3, [0]),
      () => change(npk),
    ),
  ).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK', details: expect.objectContaining({ array: 'a' }) }))
  expect(contentOf()).toEqual({ a: [2, 3], other: [1] })
})

test.each([[['a']], [['a', 'b']]])(
  'a drop of rows of %j changes nothing if NumPack saves the first array meanwhile',
  names => {
    using npk = NumPack.open(path)
    npk.save({ a: Float64Array.of(1, 2, 3), b: Float64Array.of(1, 2, 3) })
    const drop = (): void => void npk.drop(names, [1])
    expect(() => withSaveAfterSync(0, () => saveAsNumPack('a', [5, 6, 7, 8, 9]), drop)).toThrow(
      expect.objectContaining({ code: 'CHANGED_ON_DISK', details: expect.objectContaining({ array: 'a' }) }),
    )
    expect(contentOf()).toEqual({ a: [5, 6, 7, 8, 9], b: [1, 2, 3] })
  },
)

test('a data file that NumPack has made, and not yet its metadata, is not removed by a save that fails for it', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1] })
  const file = join(path, 'data_result.npkd')
  const save = (): void => npk.save({ big: [1, 2, 3], result: [4] })
  expect(() => withSaveAfterSync(0, () => writeFileSync(file, 'of NumPack'), save)).toThrow(
    expect.objectContaining({ code: 'IO' }),
  )
  expect(readFileSync(file, 'utf8')).toBe('of NumPack')
  rmSync(file)
  expect(contentOf()).toEqual({ a: [1] })
  expect(readdirSync(path).filter(name => name.endsWith('.npkd'))).toEqual(['data_a.npkd'])
})

test('a program that saves all the time ends an operation with an error that changes nothing', () => {
  using npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1, 2, 3) })
  let saves = 0
  disk.sync = fd => {
    sync(fd)
    if (saves < 1000) saveAsNumPack('other', [saves++])
  }
  expect(() => npk.save({ new: [1] })).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
  disk.sync = sync
  expect(saves).toBeLessThan(1000)
  expect(contentOf()).toEqual({ a: [1, 2, 3], other: [saves - 1] })
})

test('rows that NumPack drops before an append has prepared its files stay dropped', () => {
  using npk = makeStore()
  // The append copies a file with another hard link first.
  linkSync(join(path, 'data_d.npkd'), join(root, 'snapshot'))
  const append = (): void => npk.append({ d: Float64Array.of(9) })
  expect(() => withSaveAfterSync(0, () => dropAsNumPack('d', 3, [0, 2]), append)).toThrow(
    expect.objectContaining({ code: 'CHANGED_ON_DISK', details: expect.objectContaining({ array: 'd' }) }),
  )
  expect(contentOf()).toMatchObject({ d: [2] })
})
