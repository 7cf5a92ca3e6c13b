import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** `file` › part of a test name, as docs/security.md writes it. */
const REFERENCE = /`([\w./-]+\.(?:test|spec)\.ts)` › ([^·|]+?)(?=\s*(?:·|\||\)|,\s+`|\.\n|$))/gm

test('every test that docs/security.md names exists', () => {
  const page = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8')
  const references = [...page.matchAll(REFERENCE)].map(([, file = '', name = '']) => ({ file, name: name.trim() }))
  expect(references.length).toBeGreaterThan(50)
  const missing = references.filter(({ file, name }) => !readFileSync(path.join(ROOT, file), 'utf8').includes(name))
  expect(missing).toEqual([])
})
