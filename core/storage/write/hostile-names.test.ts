import { removeFolder } from '../../test-support/remove-folder.ts'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { findFile, openStoreFile } from '../read/folder.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { encodeWriteLog, WRITE_LOG_FILE } from '../read/write-log.ts'
import { LOCK_FILE } from '../../format/names.ts'
import { NumPack } from '../numpack.ts'
import { openStore } from '../read/store.ts'
import { replaceAtomically } from './replace-files.ts'
import { commit, writing } from './transaction.ts'

let root = ''
let path = ''
let victim = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-'))
  path = join(root, 'evil.npk')
  victim = join(root, 'victim.npk')
  mkdirSync(path)
  NumPack.with(victim, npk => {
    npk.save({ a: [1, 2, 3, 4] })
    npk.drop('a', [1, 2])
  })
  writeFileSync(join(root, 'notes.npkb'), 'notes')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ name: 'NumPackError', code: expected })

function describeArrays(...names: string[]): Uint8Array[] {
  const bytes = encodeMetadata(
    names.map(name => ({
      name,
      dtype: 'uint8',
      shape: [4],
      dataFile: 'data_x.npkd',
      lastModified: 0,
      sizeBytes: 4,
    })),
  )
  writeFileSync(join(path, 'metadata.npkm'), bytes)
  writeFileSync(join(path, 'data_x.npkd'), 'abcd')
  return decodeMetadata(bytes, path).records.map(({ raw }) => raw)
}

const hexOf = ({ raw }: { readonly raw: Uint8Array }): string => Buffer.from(raw).toString('hex')

function allDeleted(): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeBigUInt64LE(4n, 0)
  bytes.writeBigUInt64LE(4n, 8)
  return bytes
}

function plantBitmap(name: string, record: Uint8Array, bitmap: Uint8Array | null): void {
  const parts = encodeWriteLog({ bitmaps: [{ name, record, bitmap }], rows: [], files: [] })
  writeFileSync(join(path, WRITE_LOG_FILE), Buffer.concat(parts))
}

const outside = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => !file.startsWith('evil.npk') && !file.endsWith(LOCK_FILE))
    .sort()
    .map(file => `${file}: ${statSync(join(root, file)).isFile() ? readFileSync(join(root, file), 'hex') : ''}`)

function useStore(work: (npk: NumPack) => void): void {
  try {
    NumPack.with(path, work)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
  }
}

const WAYS_OUT = ['x/../../victim.npk/deleted_a', 'x/../../notes', '/../../victim.npk/deleted_a']

describe('a record whose name leads out of the store', () => {
  test.each(WAYS_OUT.flatMap(name => [null, allDeleted()].map(bitmap => [name, bitmap] as const)))(
    "'%s' with a write log that came with the store: opening it removes, makes and replaces no bitmap outside",
    (name, bitmap) => {
      const [record] = describeArrays(name) as [Uint8Array]
      plantBitmap(name, record, bitmap)
      const before = outside()
      useStore(npk => npk.getMemberList())
      expect(outside()).toEqual(before)
    },
  )

  test.each(
    WAYS_OUT.flatMap(name =>
      ['remove', 'reset', 'save'].flatMap(change => [true, false].map(folders => [change, name, folders] as const)),
    ),
  )(
    "%s of '%s' takes it away and leaves every file outside as it is (folders planted: %s)",
    (change, name, folders) => {
      describeArrays('b', name)
      if (folders) {
        mkdirSync(join(path, 'deleted_x'))
        mkdirSync(join(path, 'deleted_'))
        for (const part of ['old', 'new']) {
          mkdirSync(join(path, 'numpack-explorer.switch.tmp', part, 'deleted_x'), { recursive: true })
          mkdirSync(join(path, 'numpack-explorer.switch.tmp', part, 'deleted_'), { recursive: true })
        }
        for (const folder of ['victim.npk', 'numpack-explorer.switch.tmp/victim.npk']) mkdirSync(join(path, folder))
      }
      const before = outside()
      useStore(npk => {
        if (change === 'remove') npk.remove(name)
        else if (change === 'reset') npk.reset()
        else npk.save({ [name]: [1] })
      })
      expect(outside()).toEqual(before)
      const isLeft = NumPack.with(path, npk => npk.hasArray(name))
      expect(isLeft).toBe(change === 'save')
    },
  )

  test.each(['a\0b', 'x'.repeat(242), 'x'.repeat(400), 'a/b', '../x'])(
    'the array %j can be removed, alone and by reset',
    name => {
      for (const change of ['remove', 'reset'] as const) {
        describeArrays('ok', name)
        const shown = NumPack.with(path, npk => npk.getMemberList().find(each => each !== 'ok') as string)
        NumPack.with(path, npk => (change === 'remove' ? npk.remove(shown) : npk.reset()))
        expect(NumPack.with(path, npk => npk.getMemberList())).toEqual(change === 'remove' ? ['ok'] : [])
      }
    },
  )
})

test('records whose names are not UTF-8 stay, and keep none out, when another array is saved; each can be removed', () => {
  const bytes = [[0x78, 0xff], [0x78, 0xfe], [...Buffer.from('x\ufffd')]]
  const records = bytes.map(name => {
    const [raw] = describeArrays('-'.repeat(name.length)) as [Uint8Array]
    return { raw: Uint8Array.from([...raw.subarray(0, 4), ...name, ...raw.subarray(4 + name.length)]), sizeBytes: 4 }
  })
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata(records))
  const raws = (): string[] => decodeMetadata(readFileSync(join(path, 'metadata.npkm'))).records.map(hexOf)
  NumPack.with(path, npk => npk.save({ z: [1] }))
  expect(raws().slice(0, 3)).toEqual(records.map(hexOf))
  NumPack.with(path, npk => {
    expect(npk.getMemberList().sort()).toEqual(['x\\xfe', 'x\\xff', 'x\ufffd', 'z'])
    expect(npk.load('x\ufffd').toList()).toEqual([...Buffer.from('abcd')])
    npk.remove('x\\xff')
  })
  expect(raws().slice(0, 2)).toEqual(records.slice(1).map(hexOf))
})

describe('what the engine joins to the path of a store', () => {
  const BAD = ['../victim.npk/deleted_a.npkb', 'x/../../notes.npkb', 'x/./y.npkb', 'x//y.npkb', '..', '.', '', 'a\0b']

  test.each(BAD)('%j is not looked at and not opened', file => {
    mkdirSync(join(path, 'x'))
    for (const followLinks of [false, true]) {
      const { folder } = openStore(path, { followLinks })
      expect(findFile(folder, file)).toEqual({ kind: 'outside' })
      expect(() => openStoreFile(folder, file)).toThrow(code('PATH_ESCAPE'))
    }
  })

  test.each(['', '.', '..', '../x', 'a/b', 'a\0b'])('%j is no entry of a folder that is held', name => {
    using held = HeldFolder.open(root, 'victim.npk') as HeldFolder
    expect(() => held.at(name)).toThrow(code('PATH_ESCAPE'))
    expect(() => HeldFolder.open(held, name)).toThrow(code('PATH_ESCAPE'))
  })

  test.each(['../notes.npkb', 'x/../../notes.npkb', 'notes.npkb', 'id_rsa', 'deleted_x/../../notes.npkb'])(
    '%j is neither put in place nor removed, alone or with others',
    file => {
      mkdirSync(join(path, 'deleted_x'))
      const before = outside()
      for (const others of [[], [{ file: 'deleted_b.npkb', temporary: null }]])
        expect(() => replaceAtomically(path, [{ file, temporary: null }, ...others])).toThrow(code('PATH_ESCAPE'))
      expect(outside()).toEqual(before)
    },
  )

  test('an operation on the bitmap of a name that leads out is refused before anything is written', () => {
    describeArrays('b')
    const before = outside()
    const change = (): void =>
      writing(openStore(path), null, session => commit(session, { bitmaps: new Map([[WAYS_OUT[0] as string, null]]) }))
    expect(change).toThrow(code('PATH_ESCAPE'))
    expect(outside()).toEqual(before)
    expect(existsSync(join(path, WRITE_LOG_FILE))).toBe(false)
  })
})

test('parts of a switch in which something foreign is left are not used again', () => {
  NumPack.with(join(path, 'good.npk'), npk => npk.save({ a: [1, 2], b: [3, 4] }))
  const store = join(path, 'good.npk')
  const foreign = join(store, 'numpack-explorer.switch.tmp', 'new', 'deleted_x')
  mkdirSync(foreign, { recursive: true })
  expect(() => NumPack.with(store, npk => npk.drop(['a', 'b'], 0))).toThrow(code('EXISTS'))
  expect(existsSync(foreign)).toBe(true)
  rmSync(join(store, 'numpack-explorer.switch.tmp'), { recursive: true })
  expect(NumPack.with(store, npk => npk.drop(['a', 'b'], 0))).toBe(2)
})
