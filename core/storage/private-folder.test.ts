import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
