import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

/**
 * Matches `file` › part of a test name, as docs/security.md writes it. A · or |, a closing bracket, a comma
 * before the next `file` or the end of the line (with or without a full stop) ends the name.
 */
const REFERENCE = /`([\w./-]+\.(?:test|spec)\.ts)` › ([^·|]+?)(?=\s*(?:·|\||\)|,\s+`|\.\n|$))/gm

test('every test named in docs/security.md exists', () => {
  const page = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8')
  const references = [...page.matchAll(REFERENCE)].map(([, file = '', name = '']) => ({ file, name: name.trim() }))
  expect(references.length).toBeGreaterThan(50)
  const missing = references.filter(({ file, name }) => !readFileSync(path.join(ROOT, file), 'utf8').includes(name))
  expect(missing).toEqual([])
})
