import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findFolderCycles, importsOf } from './folder-cycles.ts'

const ROOT = path.join(import.meta.dirname, '../..')

test('folders that import each other through a third one are a cycle', () => {
  const imports = [
    { from: 'a/one.ts', to: 'b/two.ts' },
    { from: 'b/three.ts', to: 'c/four.ts' },
    { from: 'c/five.ts', to: 'a/six.ts' },
    { from: 'c/five.ts', to: 'd/seven.ts' },
  ]
  expect(findFolderCycles(imports)).toEqual([['a', 'b', 'c']])
})

test('a folder and its subfolder that import each other are a cycle', () => {
  const imports = [
    { from: 'a/one.ts', to: 'a/b/two.ts' },
    { from: 'a/b/three.ts', to: 'a/four.ts' },
  ]
  expect(findFolderCycles(imports)).toEqual([['a', 'a/b']])
})

test('imports in one direction, and within a folder, are no cycle', () => {
  const imports = [
    { from: 'a/one.ts', to: 'b/two.ts' },
    { from: 'a/one.ts', to: 'c/three.ts' },
    { from: 'b/two.ts', to: 'c/three.ts' },
    { from: 'c/three.ts', to: 'c/four.ts' },
    { from: 'c/four.ts', to: 'c/three.ts' },
  ]
  expect(findFolderCycles(imports)).toEqual([])
})

test('static, type-only, dynamic and worker imports and exports all count', () => {
  const text = `
    import { a } from '../a/a.ts'
    import type { B } from './b.ts'
    import '../c/c.css'
    export { d } from "../d/d.ts"
    const e = import('../e/e.tsx')
    const worker = new Worker(new URL('../f/f.ts', import.meta.url))
    import { test } from 'vitest'
  `
  expect(importsOf('x/y/file.ts', text).map(({ to }) => to)).toEqual([
    'x/a/a.ts',
    'x/y/b.ts',
    'x/c/c.css',
    'x/d/d.ts',
    'x/e/e.tsx',
    'x/f/f.ts',
  ])
})

/** Whether a file belongs to the product. Tests may import from any folder above what they test. */
const isProduct = (file: string): boolean =>
  /\.(ts|tsx|mjs)$/.test(file) && !file.includes('.test.') && !file.includes('/test-support/')

test('no folders of core, electron and renderer import each other', () => {
  const files = ['core', 'electron', 'renderer'].flatMap(folder =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map(file => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter(isProduct),
  )
  const imports = files.flatMap(file => importsOf(file, readFileSync(path.join(ROOT, file), 'utf8')))
  expect(imports.length).toBeGreaterThan(1000)
  expect(findFolderCycles(imports)).toEqual([])
})
