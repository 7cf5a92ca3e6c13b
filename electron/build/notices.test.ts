import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collectNotices, mergeNotices, formatNotices, packageFolder, readPackage } from './notices.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'notices-'))
})
afterEach(() => removeFolder(folder))

function makePackage(license: unknown, files: Record<string, string>): string {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'p', version: '1.2.3', license }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  return folder
}

test('a bundled package without a licence text fails the build', () => {
  makePackage('MIT', { 'README.md': 'MIT' })
  expect(() => readPackage(folder)).toThrow('p 1.2.3 is part of the program, and there is no licence text')
})

test('a bundled package under a licence that is not permissive fails the build', () => {
  for (const license of ['GPL-3.0-only', 'UNLICENSED', undefined, { type: 'MIT' }, '(MIT OR GPL-2.0)'])
    expect(() => readPackage(makePackage(license, { LICENSE: 'x' }))).toThrow('is not on the list of permissive ones')
})

test('licence, notice and licences of parts of a package come along', () => {
  makePackage('Apache-2.0', { 'LICENSE.md': 'L\r\n', NOTICE: 'N', 'licenses/LICENSE-d3': 'D', 'index.js': 'x' })
  expect(readPackage(folder)).toEqual({ name: 'p 1.2.3', license: 'Apache-2.0', texts: ['L', 'N', 'D'] })
})

test('a bundled file belongs to the innermost package', () => {
  expect(packageFolder('/r/node_modules/a/lib/x.js')).toBe('/r/node_modules/a')
  expect(packageFolder('/r/node_modules/a/node_modules/@s/b/x.js')).toBe('/r/node_modules/a/node_modules/@s/b')
  expect(packageFolder('/r/renderer/main.tsx')).toBeNull()
})

test('packages under the same texts share a notice', () => {
  const mit = { license: 'MIT', texts: ['same'] }
  const notices = mergeNotices([
    { name: 'b 1', ...mit },
    { name: 'a 1', ...mit },
    { name: 'c 1', license: 'MIT', texts: ['other'] },
  ])
  expect(notices).toEqual([
    { packages: ['a 1', 'b 1'], ...mit },
    { packages: ['c 1'], license: 'MIT', texts: ['other'] },
  ])
  expect(formatNotices(notices)).toContain('a 1\nb 1\n\nLicence: MIT\n\nsame')
})

test('everything in the program beside the bundles has its notice: SQLite, zstd and the helpers of the bundlers', () => {
  const text = formatNotices(collectNotices(['node_modules/echarts/index.js', 'renderer/main.tsx'], ROOT))
  for (const part of ['SQLite', 'better-sqlite3', 'rolldown', 'vite', 'esbuild', 'assemblyscript', 'echarts'])
    expect(text).toContain(part)
  expect(text).toContain('The Apache Software Foundation')
})
