import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesOf } from '../format/elements.ts'
import { NumPackError } from '../format/errors.ts'
import { linkFiles } from '../test-support/link-files.ts'
import { NumPack } from './numpack.ts'
import { openStore } from './read/store.ts'
import { NO_LINKS, NO_PIPES } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const STORES = join(import.meta.dirname, '../fixtures/stores')
const expected = JSON.parse(readFileSync(join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, { shape: number[]; sha256: string }>>
}

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linked-'))
  path = join(folder, 'store.npk')
})

afterEach(() => removeFolder(folder))

beforeEach(({ skip }) => skip(NO_LINKS !== null, NO_LINKS ?? ''))

const openFollowing = (): NumPack => NumPack.open(path, { readOnly: true, followLinks: true })

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'no error'
  } catch (error) {
    if (error instanceof NumPackError) return error.code
    throw error
  }
}

const putLink = (target: string): void => symlinkSync(target, join(path, 'data_a.npkd'))

function writeElsewhere(values: Int32Array): string {
  const file = join(folder, 'elsewhere')
  writeFileSync(file, values)
  return file
}

describe.each(['deleted.npk', 'segmented.npk', 'dtypes.npk'])('%s, every file behind a link', name => {
  beforeEach(() => {
    cpSync(join(STORES, name), path, { recursive: true })
    linkFiles(path, join(folder, 'annex'))
  })

  test('is refused without followLinks', () => {
    expect(codeOf(() => NumPack.open(path, { readOnly: true }))).toBe('PATH_ESCAPE')
    expect(codeOf(() => NumPack.open(path))).toBe('PATH_ESCAPE')
  })

  test('has the values that NumPack reads, and its statistics in threads', async () => {
    using npk = openFollowing()
    for (const [array, { shape, sha256 }] of Object.entries(expected.stores[name]!)) {
      const loaded = npk.load(array)
      expect(loaded.shape, array).toEqual(shape)
      expect(createHash('sha256').update(bytesOf(loaded.data)).digest('hex'), array).toBe(sha256)
    }
    const [first = ''] = Object.keys(expected.stores[name]!)
    const { shape } = npk.load(first)
    const { count } = await npk.load(first, { lazy: true }).statistics({ workers: 2 })
    expect(count).toBe(shape.reduce((product, length) => product * length, 1))
  })
})

describe('an array whose data file is a link', () => {
  beforeEach(() => {
    NumPack.with(path, npk => npk.save({ a: Int32Array.of(1, 2, 3), b: Int32Array.of(4) }))
    rmSync(join(path, 'data_a.npkd'))
  })

  test('is named as one that a link keeps from being read, and the others are read', () => {
    putLink(writeElsewhere(Int32Array.of(7, 8, 9)))
    const store = openStore(path, { readOnly: true })
    expect(store.arrays.map(({ isBehindLink }) => isBehindLink)).toEqual([true, false])
    expect(store.get('a')?.damaged).toContain('symbolic link')
    store.followsLinks = true
    expect(store.refresh().changed).toEqual(['a'])
    expect(store.get('a')).toMatchObject({ isBehindLink: false, damaged: null })
    store.followsLinks = false
    expect(store.refresh().changed).toEqual(['a'])
    expect(codeOf(() => store.reader('a'))).toBe('PATH_ESCAPE')
  })

  test('is read from where its link leads now', () => {
    putLink(writeElsewhere(Int32Array.of(7, 8, 9)))
    using npk = openFollowing()
    expect(npk.load('a').toList()).toEqual([7, 8, 9])
    mkdirSync(join(folder, 'new'))
    writeFileSync(join(folder, 'new/content'), Int32Array.of(10, 11, 12))
    rmSync(join(path, 'data_a.npkd'))
    putLink(join(folder, 'new/content'))
    expect(npk.load('a').toList()).toEqual([10, 11, 12])
  })

  test.each([
    ['nothing', 'DAMAGED', () => join(folder, 'nowhere')],
    ['a folder', 'DAMAGED', () => folder],
    ['itself', 'IO', () => join(path, 'data_a.npkd')],
    ['a file that is too short', 'DAMAGED', () => writeElsewhere(Int32Array.of(7))],
    ['a device', 'DAMAGED', () => '/dev/zero'],
  ])('is damaged if it leads to %s, and the others are read', (_, code, target) => {
    putLink(target())
    using npk = openFollowing()
    expect(codeOf(() => npk.load('a'))).toBe(code)
    expect(npk.load('b').toList()).toEqual([4])
  })

  testUnless(NO_PIPES)('is damaged if it leads to a pipe, which is not waited for', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    putLink(join(folder, 'pipe'))
    using npk = openFollowing()
    expect(codeOf(() => npk.load('a'))).toBe('DAMAGED')
  })

  test('is never written through its link', () => {
    const target = writeElsewhere(Int32Array.of(7, 8, 9))
    putLink(target)
    expect(codeOf(() => new NumPack(path, { followLinks: true }))).toBe('ARGUMENT')
    using reading = openFollowing()
    for (const write of [
      () => reading.replace({ a: Int32Array.of(0) }, [0]),
      () => reading.drop('a', [0]),
      () => reading.append({ a: Int32Array.of(0) }),
      () => reading.save({ a: Int32Array.of(0) }),
      () => reading.beginWritableBatch(),
    ])
      expect(codeOf(write)).toBe('READ_ONLY')
    expect(readFileSync(target)).toEqual(Buffer.from(Int32Array.of(7, 8, 9).buffer))
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'store.npk'])
  })
})
