import { removeFolder } from '../../test-support/remove-folder.ts'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replaceAtomically, finishReplacement } from './replace-files.ts'
import { killedAtEachStep, watchDisk } from '../test-support/watch-disk.ts'
import { testUnless } from '../../test-support/test-unless.ts'

let root = ''
let folder = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-together-'))
  folder = join(root, 'store.npk')
  mkdirSync(folder)
  for (const file of ['metadata.npkm', 'deleted_a.npkb']) writeFileSync(join(folder, file), 'old')
  for (const file of ['1.tmp', '2.tmp']) writeFileSync(join(folder, file), 'new')
})
afterEach(() => removeFolder(root))

const ONE_BY_ONE = process.platform === 'win32' ? 'on Windows files are replaced one after another' : null

const files = () => [
  { file: 'metadata.npkm', temporary: join(folder, '1.tmp') },
  { file: 'deleted_a.npkb', temporary: null },
  { file: 'deleted_b.npkb', temporary: join(folder, '2.tmp') },
]
const OLD = ['old', 'old', null]
const NEW = ['new', null, 'new']

const contents = (path: string): (string | null)[] =>
  files().map(({ file }) => {
    try {
      return readFileSync(join(path, file), 'utf8')
    } catch {
      return null
    }
  })

testUnless(ONE_BY_ONE)('killed before any step, the names show all of the old files or all of the new ones', () => {
  const copies = killedAtEachStep(folder, () => replaceAtomically(folder, files()))
  const seen = copies.map(contents)
  expect(seen).toEqual([
    ...seen.filter(content => content[0] === 'old').map(() => OLD),
    ...seen.filter(content => content[0] === 'new').map(() => NEW),
  ])
  expect(new Set(seen.flat())).toEqual(new Set(['old', 'new', null]))
  for (const [i, copy] of copies.entries()) {
    finishReplacement(copy)
    expect(contents(copy)).toEqual(seen[i])
    expect(readdirSync(copy).filter(file => !lstatSync(join(copy, file)).isFile())).toEqual([])
  }
})

test('afterwards the files are plain files, and nothing else is left', () => {
  replaceAtomically(folder, files())
  expect(contents(folder)).toEqual(NEW)
  expect(readdirSync(folder).sort()).toEqual(['deleted_b.npkb', 'metadata.npkm'])
  expect(readdirSync(folder).every(file => lstatSync(join(folder, file)).isFile())).toBe(true)
})

test.each(['link', 'symlink'] as const)('on a disk without %ss the files are put in place one after another', step => {
  watchDisk(
    current => {
      if (current === step) throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
    },
    () => replaceAtomically(folder, files()),
  )
  expect(contents(folder)).toEqual(NEW)
  expect(readdirSync(folder).sort()).toEqual(['deleted_b.npkb', 'metadata.npkm'])
})
