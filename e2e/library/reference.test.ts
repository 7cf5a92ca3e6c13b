import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { ROOT, run } from './installed-library.ts'

const DOCS = path.join(ROOT, 'docs')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'numpack-reference-'))
})
afterEach(() => removeFolder(folder))

test('every export has a docstring, and the reference in docs is up to date (npm run docs)', () => {
  const { status, stdout, stderr } = run('npm', ['run', 'library', '--', '--out', folder], DOCS)
  const warnings = `${stdout}${stderr}`.split('\n').filter(line => /warning|error/.test(line))
  expect([status, warnings]).toEqual([0, []])
  expect(readFileSync(path.join(DOCS, 'library.md'), 'utf8')).toBe(
    readFileSync(path.join(folder, 'library.md'), 'utf8'),
  )
})
