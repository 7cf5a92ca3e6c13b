import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { handedPaths, startPaths } from './command-line.ts'

const here = path.resolve('/data')
const of = (...argv: string[]): string[] => startPaths(argv, here, true)

test("relative paths are resolved against the user's folder", () => {
  expect(of('explorer', 'a.npk', '../b.npk')).toEqual([path.join(here, 'a.npk'), path.resolve(here, '../b.npk')])
})

test('absolute paths stay as they are', () => {
  const store = path.resolve('/elsewhere/c d.npk')
  expect(of('explorer', store)).toEqual([store])
})

test('file URLs are paths, as file managers hand them over', () => {
  const file = path.resolve('/elsewhere/c d.npk')
  expect(of('explorer', pathToFileURL(file).href)).toEqual([file])
})

test('Chromium switches are not taken for stores', () => {
  expect(of('explorer', '--no-sandbox', '--inspect=0', 'a.npk', '-v')).toEqual([path.join(here, 'a.npk')])
})

test('every argument after -- is a path', () => {
  expect(of('explorer', '--disable-gpu', '--', '-odd.npk')).toEqual([path.join(here, '-odd.npk')])
})

test('an unpackaged app is started with its own folder as the first plain argument', () => {
  const argv = ['electron', '--no-sandbox', '.', 'a.npk']
  expect(startPaths(argv, here, false)).toEqual([path.join(here, 'a.npk')])
})

test('missing and empty arguments open nothing', () => {
  expect(of('explorer')).toEqual([])
  expect(of('explorer', '')).toEqual([])
  expect(startPaths(['electron', '.'], here, false)).toEqual([])
})

test('a start opens a bounded number of paths of possible length', () => {
  const many = Array.from({ length: 5000 }, (_, i) => path.resolve(`/data/${i}.npk`))
  expect(of('explorer', ...many)).toEqual(many.slice(0, 100))
  expect(handedPaths({ paths: many })).toEqual(many.slice(0, 100))
  for (const odd of [`/${'x'.repeat(40_000)}`, '/a\0b', 'relative.npk'])
    expect(handedPaths({ paths: [odd, '/a'] })).toEqual(['/a'])
})

test('arguments from a second start are accepted only as a list of strings', () => {
  expect(handedPaths({ paths: ['/a', 7, '/b'] })).toEqual(['/a', '/b'])
  for (const odd of [null, undefined, 'x', {}, { paths: '/a' }]) expect(handedPaths(odd)).toEqual([])
})
