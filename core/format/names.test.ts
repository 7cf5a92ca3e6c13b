import { expect, test } from 'vitest'
import {
  arrayOfBitmapFile,
  bitmapFileOf,
  isArrayFile,
  isLeftover,
  liesTooDeep,
  nameProblem,
  staysInside,
} from './names.ts'

test.each([
  '',
  'plain',
  'with space',
  '.hidden',
  'dots.in.name',
  'эмбеддинги',
  '🧪',
  'console',
  'com10',
  'x'.repeat(241),
])('the name %j is allowed', name => {
  expect(nameProblem(name)).toBeNull()
})

test.each(['a/b', 'a\\b', '../x', '.', '..', 'a\0b', 'half \ud800', '\udc00 half', 'x'.repeat(242), '数'.repeat(81)])(
  'the name %j is refused',
  name => {
    expect(nameProblem(name)).toEqual(expect.any(String))
  },
)

test.each(['data_a.npkd', 'data_x_segments/seg_000000.npkd', 'a..b', '...'])('%j stays inside the store', file => {
  expect(staysInside(file)).toBe(true)
})

test.each([
  '',
  '/etc/hostname',
  '\\\\server\\share',
  'C:\\x',
  'c:x',
  '..',
  '../x',
  'a/../../x',
  'a\\..\\..\\x',
  'a\0b',
])('%j may leave the store', file => {
  expect(staysInside(file)).toBe(false)
})

test('a file of a store is nested in one folder at most', () => {
  const files = [
    'data_a.npkd',
    'data_x_segments/seg_000000.npkd',
    'a/b/c.npkd',
    'a\\b\\c.npkd',
    'a//c.npkd',
    './a/c.npkd',
  ]
  expect(files.map(liesTooDeep)).toEqual([false, false, true, true, true, true])
})

test('files are classified by their names', () => {
  expect(arrayOfBitmapFile(bitmapFileOf('a.b c'))).toBe('a.b c')
  expect(arrayOfBitmapFile('data_a.npkd')).toBeUndefined()
  expect(['data_a.npkd', 'data_a.npkseg', 'deleted_a.npkb', 'metadata.npkm', 'notes.txt'].map(isArrayFile)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  expect(['data_a.npkd.tmp', 'metadata.npkm.tmp.1_2_3', 'metadata.npkm', 'data_a.npkd'].map(isLeftover)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
