import { chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../test-support/remove-folder.ts'
import { requireInstalled } from './installed-package.ts'
import { NO_ROOT } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const OTHER_USER = 3002

let shared: string
let program: string

/** Makes a package that a program in the subfolder `victim` can load. */
beforeEach(() => {
  shared = mkdtempSync(join(tmpdir(), 'installed-package-'))
  mkdirSync(join(shared, 'node_modules/fast'), { recursive: true })
  writeFileSync(join(shared, 'node_modules/fast/index.js'), 'module.exports = "loaded"')
  program = join(shared, 'victim/program')
  mkdirSync(program, { recursive: true })
})
afterEach(() => removeFolder(shared))

test('a package in a folder above the program is loaded', () => {
  expect(requireInstalled('fast', program)).toBe('loaded')
  expect(() => requireInstalled('missing', program)).toThrow('missing is not installed')
})

testUnless(NO_ROOT)('a package that another user put into a folder above the program is not loaded', () => {
  chownSync(join(shared, 'node_modules'), OTHER_USER, OTHER_USER)
  expect(() => requireInstalled('fast', program)).toThrow('belongs to another user')
})

testUnless(NO_ROOT)('nor is one that another user put into a folder of packages of this user', () => {
  chownSync(join(shared, 'node_modules/fast'), OTHER_USER, OTHER_USER)
  expect(() => requireInstalled('fast', program)).toThrow('belongs to another user')
})

testUnless(NO_ROOT)('a package is loaded that belongs to the owner of the program', () => {
  for (const path of [join(shared, 'node_modules'), join(shared, 'node_modules/fast'), program])
    chownSync(path, OTHER_USER, OTHER_USER)
  expect(requireInstalled('fast', program)).toBe('loaded')
})
