import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeBitmap } from '../format/bitmap.ts'
import { encodeWriteLog, WRITE_LOG_FILE } from './read/write-log.ts'
import { NumPack } from './numpack.ts'
import { openStore } from './read/store.ts'

/** What the stores of a thread hold together: two bitmaps or write logs of the rows below, not three. */
const ROWS = 6400

vi.mock(import('../format/limits.ts'), async original => {
  const { LIMITS } = await original()
  const small = { ...LIMITS, openBitmapBytes: 2048, openWriteLogBytes: 16_384 } as unknown as typeof LIMITS
  return { LIMITS: small }
})

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-open-memory-'))
})
afterEach(() => removeFolder(root))

const ones = new Uint8Array(ROWS).fill(1)
const twos = new Uint8Array(ROWS).fill(2)

const makeStores = (prepare: (path: string) => void): string[] =>
  ['x', 'y', 'z'].map(name => {
    const path = join(root, `${name}.npk`)
    NumPack.with(path, npk => npk.save({ a: ones, b: Uint8Array.of(1) }))
    prepare(path)
    return path
  })

const dropSome = (path: string): number => NumPack.with(path, npk => npk.drop('a', [0]))
const recordOf = (path: string, array: string): Uint8Array => {
  const store = openStore(path, { readOnly: true })
  store.close()
  return store.record(array).raw
}

const plant = (path: string): void => {
  const rows = {
    name: 'a',
    record: recordOf(path, 'a'),
    positions: Float64Array.of(0),
    lengths: Float64Array.of(ROWS),
    data: twos,
  }
  writeFileSync(join(path, WRITE_LOG_FILE), Buffer.concat(encodeWriteLog({ bitmaps: [], files: [], rows: [rows] })))
}

const open = (path: string): NumPack => NumPack.open(path, { readOnly: true })

describe('bitmaps of all open stores', () => {
  const tooMuch = [{ name: 'a', reason: expect.stringMatching(/all open stores and packages take 2048 bytes.*close/) }]

  test('are read up to a limit for all of them together, until others are closed', () => {
    const [x = '', y = '', z = ''] = makeStores(dropSome)
    using first = open(x)
    using second = open(y)
    using third = open(z)
    expect([first, second, third].map(({ damaged }) => damaged)).toEqual([[], [], tooMuch])
    expect(() => third.load('a')).toThrow(expect.objectContaining({ code: 'IO' }))
    expect(third.load('b').toList()).toEqual([1])
    first.close()
    using fourth = open(z)
    expect(fourth.damaged).toEqual([])
    expect(fourth.getShape('a')).toEqual([ROWS - 1])
  })

  test('that change count once, however often they are read again', () => {
    const [x = '', y = ''] = makeStores(dropSome)
    using first = open(x)
    using second = open(y)
    for (let i = 1; i <= 5; i++) {
      first.close()
      dropSome(x)
      first.open()
      expect(first.getShape('a')).toEqual([ROWS - 1 - i])
      expect(second.damaged).toEqual([])
    }
    const watched = openStore(y, { readOnly: true })
    first.close()
    for (let i = 1; i <= 5; i++) {
      watched.close()
      second.close()
      dropSome(y)
      watched.refresh()
      expect(watched.get('a')?.damaged).toBe(null)
    }
    watched.close()
  })
})

describe('write logs of all open stores', () => {
  test('are held up to a limit for all of them together, and a store beyond it is not shown without its rows', () => {
    const [x = '', y = '', z = ''] = makeStores(plant)
    using first = open(x)
    using second = open(y)
    using third = open(z)
    for (const npk of [first, second]) expect(npk.load('a').toList()).toEqual([...twos])
    const reason = expect.stringMatching(/all open stores take 16384 bytes.*close other stores/) as string
    expect(third.damaged).toEqual(['a', 'b'].map(name => ({ name, reason })))
    using writer = NumPack.open(z)
    expect(() => writer.save({ c: [1] })).toThrow(expect.objectContaining({ code: 'IO', message: reason }))
    expect(readdirSync(z)).toContain(WRITE_LOG_FILE)
    first.close()
    using fourth = open(z)
    expect(fourth.load('a').toList()).toEqual([...twos])
    fourth.close()
    writer.save({ c: [1] })
    expect(writer.load('a').toList()).toEqual([...twos])
    expect(readdirSync(z)).not.toContain(WRITE_LOG_FILE)
  })

  test('beyond the limit undo nothing of what NumPack has written since, by a writer', () => {
    const [x = '', y = '', z = ''] = makeStores(plant)
    const empty = new Uint8Array(0)
    const lengths = Float64Array.of(ROWS)
    const writeLog = {
      bitmaps: [{ name: 'b', record: recordOf(z, 'b'), bitmap: encodeBitmap(1, () => false), old: null }],
      rows: [{ name: 'gone', record: empty, positions: Float64Array.of(0), lengths, data: twos }],
      files: [],
    }
    writeFileSync(join(z, WRITE_LOG_FILE), Buffer.concat(encodeWriteLog(writeLog)))
    const dropped = encodeBitmap(1, () => true)
    writeFileSync(join(z, 'deleted_b.npkb'), dropped)
    using first = open(x)
    using second = open(y)
    for (const npk of [first, second]) expect(npk.damaged).toEqual([])
    using writer = NumPack.open(z)
    expect(() => writer.save({ c: [1] })).toThrow(expect.objectContaining({ code: 'IO' }))
    first.close()
    writer.save({ c: [1] })
    expect(Buffer.from(dropped).equals(readFileSync(join(z, 'deleted_b.npkb')))).toBe(true)
    expect(writer.getShape('b')).toEqual([0])
  })

  test('count for nothing once they are gone or their stores can not be opened', () => {
    const [x = '', y = '', z = ''] = makeStores(plant)
    using first = open(x)
    for (const path of [y, z]) NumPack.with(path, npk => npk.save({ c: [1] }))
    const broken = join(root, 'broken.npk')
    NumPack.with(broken, npk => npk.save({ a: ones, b: [1] }))
    plant(broken)
    writeFileSync(join(broken, 'metadata.npkm'), 'no metadata')
    for (let i = 0; i < 5; i++) expect(() => open(broken)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
    plant(y)
    using second = open(y)
    for (const npk of [first, second]) expect(npk.load('a').toList()).toEqual([...twos])
  })
})
