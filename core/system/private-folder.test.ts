import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isPrivateFolder } from './own-folders.mjs'
import { makePrivateFolder } from './private-folder.ts'

const hasModes = process.platform !== 'win32'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test.runIf(hasModes)('a private folder is open to its owner alone, whatever it was before', () => {
  const path = join(folder, 'a', 'cache')
  makePrivateFolder(path)
  expect(modeOf(path)).toBe(0o700)
  chmodSync(path, 0o777)
  makePrivateFolder(path)
  expect(modeOf(path)).toBe(0o700)
})

test('a link or a file in the place of a private folder is refused and left as it is', () => {
  const target = join(folder, 'elsewhere')
  mkdirSync(target)
  const before = modeOf(target)
  symlinkSync(target, join(folder, 'link'), 'junction')
  writeFileSync(join(folder, 'file'), '')
  for (const name of ['link', 'file']) {
    expect(() => makePrivateFolder(join(folder, name))).toThrow(expect.objectContaining({ code: 'IO' }))
  }
  expect(modeOf(target)).toBe(before)
})

test.runIf(process.geteuid?.() === 0)('a folder of another user is refused', () => {
  const path = join(folder, 'planted')
  mkdirSync(path, 0o700)
  chownSync(path, 3002, 3002)
  expect(() => makePrivateFolder(path)).toThrow(/another user/)
})

/** Where the private folder lies: a folder that is there and private already, in another one. */
const inside = (change: (above: string) => void): string => {
  const above = join(folder, 'above')
  const path = join(above, 'between', 'own')
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o700)
  change(above)
  return path
}

describe.runIf(process.geteuid?.() === 0 && hasModes)('a private folder', () => {
  test.each<[string, (above: string) => void, RegExp]>([
    ['is another user’s', above => chownSync(above, 3002, 3002), /belongs to another user/],
    ['every user may change', above => chmodSync(above, 0o777), /other users may change/],
    [
      'a group of several may change',
      above => {
        chownSync(above, 0, 100)
        chmodSync(above, 0o775)
      },
      /other users may change/,
    ],
    [
      'is another user’s, sticky as it may be',
      above => {
        chownSync(above, 3002, 3002)
        chmodSync(above, 0o1777)
      },
      /belongs to another user/,
    ],
  ])('is refused where a folder above it %s: it can be exchanged', (_, change, message) => {
    const path = inside(change)
    expect(isPrivateFolder(path)).toBe(false)
    expect(() => makePrivateFolder(path)).toThrow(message)
  })

  test.each<[string, (above: string) => void]>([
    ['is sticky, as /tmp is', above => chmodSync(above, 0o1777)],
    ['is writable for its owner’s own group', above => chmodSync(above, 0o775)],
  ])('is taken where a folder above it %s', (_, change) => {
    const path = inside(change)
    expect(isPrivateFolder(path)).toBe(true)
    expect(() => makePrivateFolder(path)).not.toThrow()
  })

  test('is refused behind a link that another user can change, and taken behind one of its own user', () => {
    inside(() => {})
    chmodSync(folder, 0o1777)
    symlinkSync(join(folder, 'above'), join(folder, 'link'))
    const path = join(folder, 'link', 'between', 'own')
    expect(isPrivateFolder(path)).toBe(true)
    lchownSync(join(folder, 'link'), 3002, 3002)
    expect(isPrivateFolder(path)).toBe(false)
    expect(() => makePrivateFolder(path)).toThrow(/belongs to another user/)
  })
})
