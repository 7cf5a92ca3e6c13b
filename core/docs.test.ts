import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** Documentation names files, commands and sections; these tests fail when one of them moves. */

const ROOT = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/format.md',
  'docs/glossary.md',
  'docs/locking.md',
  'core/README.md',
]

/** A path of the repository in backticks, without `<placeholders>` and patterns. */
const CODE_PATH = /`((?:core|electron|renderer|e2e|docs|assets|\.github)\/[\w./-]+)`/g
const LINK = /\]\((?!https?:|#)([^)#]+)/g
const SCRIPT = /npm run ([\w:]+)/g

describe.each(PAGES)('%s', page => {
  test('names only files and folders that exist', () => {
    const paths = [...read(page).matchAll(CODE_PATH)].map(([, file]) => file!)
    expect(paths.filter(file => !existsSync(path.join(ROOT, file)))).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = [...read(page).matchAll(LINK)].map(([, file]) => file!)
    expect(links.filter(file => !existsSync(path.join(ROOT, path.dirname(page), file)))).toEqual([])
  })

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(page).matchAll(SCRIPT)].map(([, script]) => script!)
    expect(named.filter(script => !Object.hasOwn(scripts, script))).toEqual([])
  })
})

test('every section of docs/format.md that the code cites exists', () => {
  const sections = new Set(Array.from(read('docs/format.md').matchAll(/^#+ ([\d.]+)/gm), ([, number]) => number!))
  const cited = new Set<string>()
  for (const file of globSync('core/**/*.{ts,py}', { cwd: ROOT }))
    for (const [, from, to = from] of read(file).matchAll(/docs\/format\.md (\d+(?:\.\d+)*)(?: to (\d+(?:\.\d+)*))?/g))
      cited.add(from!).add(to!)
  expect(cited.size).toBeGreaterThan(5)
  expect([...cited].filter(number => !sections.has(number))).toEqual([])
})
