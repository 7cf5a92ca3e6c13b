import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { NumPack } from '../numpack.ts'
import { killedAtEachStep, type Step, watchDisk } from '../test-support/watch-disk.ts'

let root = ''
let path = ''
let own = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-exchanged-'))
  path = join(root, 'shared.npk')
  own = join(root, 'private.npk')
  NumPack.with(path, npk => {
    npk.save({ a: [1, 2, 3], b: [4, 5, 6] })
    npk.drop('a', 0)
  })
  NumPack.with(own, npk => {
    npk.save({ a: [10, 20, 30], b: [40, 50, 60], c: [70] })
    npk.drop(['a', 'b'], 1)
  })
})
afterEach(() => removeFolder(root))

const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .map(String)
      .sort()
      .map(file => [file, readFileSync(join(folder, file), 'latin1')]),
  )

function exchangedAtEachStep(work: () => void): number {
  const original = join(root, 'original')
  renameSync(path, original)
  for (let at = 0; ; at++) {
    cpSync(original, path, { recursive: true, verbatimSymlinks: true })
    const before = contentOf(own)
    let steps = 0
    const exchange = (step: Step): void => {
      if (step === 'close' || steps++ !== at) return
      renameSync(path, join(root, 'away'))
      symlinkSync(own, path)
    }
    watchDisk(exchange, () => {
      try {
        work()
      } catch (error) {
        if (!(error instanceof NumPackError)) throw error
      }
    })
    expect(contentOf(own), `step ${at}`).toEqual(before)
    rmSync(path, { recursive: true })
    removeFolder(join(root, 'away'))
    if (steps <= at) {
      renameSync(original, path)
      return at
    }
  }
}

const OPERATIONS: Record<string, (npk: NumPack) => void> = {
  save: npk => npk.save({ a: [9] }),
  append: npk => npk.append({ a: [9], b: [9] }),
  replace: npk => npk.replace({ b: [9] }, [0]),
  drop: npk => void npk.drop(['a', 'b'], [0]),
  update: npk => npk.update('a'),
  remove: npk => npk.remove('a'),
  reset: npk => npk.reset(),
}

test.runIf(process.platform === 'linux').each(Object.entries(OPERATIONS))(
  '%s in a store that is exchanged for a link to another one at any step leaves the other one as it is',
  (_name, operation) => {
    expect(exchangedAtEachStep(() => NumPack.with(path, operation))).toBeGreaterThan(3)
  },
)

test.runIf(process.platform !== 'win32').each(Object.entries(OPERATIONS))(
  '%s in a store that was exchanged for a link to another one after it was opened says so and changes neither',
  (_name, operation) => {
    using npk = NumPack.open(path)
    renameSync(path, join(root, 'away'))
    symlinkSync(own, path)
    const before = [contentOf(own), contentOf(join(root, 'away'))]
    expect(() => operation(npk)).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
    expect(() => npk.writableBatchMode(batch => batch.load('a').set([[0]], 0))).toThrow(
      expect.objectContaining({ code: 'CHANGED_ON_DISK' }),
    )
    expect([contentOf(own), contentOf(join(root, 'away'))]).toEqual(before)
  },
)

test.runIf(process.platform !== 'win32')(
  'a path that leads to another store while a batch is open on the first one is locked after that batch',
  () => {
    const link = join(root, 'latest')
    const other = join(root, 'other.npk')
    NumPack.with(other, npk => npk.save({ a: [100, 200, 300] }))
    symlinkSync('shared.npk', link)
    using first = NumPack.open(link)
    const batch = first.beginWritableBatch()
    unlinkSync(link)
    symlinkSync('private.npk', link)
    using second = NumPack.open(link)
    expect(() => second.beginWritableBatch()).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
    batch[Symbol.dispose]()
    using third = NumPack.open(other)
    const others = third.beginWritableBatch()
    second.save({ d: [1] })
    expect(third.getMemberList()).toEqual(['a'])
    expect(second.getMemberList()).toEqual(['a', 'b', 'c', 'd'])
    others[Symbol.dispose]()
  },
)

test.runIf(process.platform !== 'win32')('a store inside another one is worked in when both are locked', () => {
  const inner = join(path, 'inner.npk')
  using outer = NumPack.open(path)
  const batch = outer.beginWritableBatch()
  NumPack.with(inner, npk => npk.save({ z: [5] }))
  batch[Symbol.dispose]()
  expect(NumPack.with(inner, npk => npk.load('z').toList())).toEqual([5])
  expect(outer.getMemberList()).toEqual(['a', 'b'])
})

test.runIf(process.platform === 'linux')(
  'finishing an interrupted write of a store that is exchanged at any step leaves the other one as it is',
  () => {
    const copies = NumPack.with(path, npk => killedAtEachStep(path, () => npk.drop(['a', 'b'], [0])))
    rmSync(path, { recursive: true })
    expect(copies.length).toBeGreaterThan(8)
    for (const [i, copy] of copies.entries()) {
      if (i % 4 > 0) continue
      renameSync(copy, path)
      exchangedAtEachStep(() => NumPack.open(path).close())
      rmSync(path, { recursive: true })
    }
  },
  180_000,
)
