import { expect, test } from 'vitest'
import { LIMITS } from './limits.ts'
import { decodeSegments } from './segments.ts'

const segment = (file: string, rows: number, bytes = rows * 8) => ({ file, rows, bytes })
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const list = (...segments: unknown[]): Uint8Array => encode({ version: 1, segments })
const nested = (before: string, after: string, depth: number): Uint8Array =>
  new TextEncoder().encode(before + '['.repeat(depth) + ']'.repeat(depth) + after)

test('reads segments in order', () => {
  const segments = [segment('data_x_segments/seg_000000.npkd', 5), segment('data_x_segments/seg_000001.npkd', 2)]
  expect(decodeSegments(list(...segments), 7, 8)).toEqual(segments)
  expect(decodeSegments(list(), 0, 8)).toEqual([])
})

test.each([
  ['no JSON', new TextEncoder().encode('{'), 'not JSON'],
  ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not JSON'],
  ['no object', encode([1]), 'no segments'],
  ['a later version', encode({ version: 2, segments: [] }), 'newer NumPack'],
  ['a version that has no text', encode({ version: { toString: 1 }, segments: [] }), 'newer NumPack'],
  ['a version without end', nested('{"version":', ',"segments":[]}', 100_000), 'more than 32 levels'],
  [
    'a file without end',
    nested('{"version":1,"segments":[{"rows":7,"bytes":56,"file":', '}]}', 100_000),
    'more than 32 levels',
  ],
  [
    'objects without end',
    nested(`{"version":1,"segments":[],"more":[${'{},'.repeat(2 ** 20)}`, ']}', 1),
    'more than 2097152 values',
  ],
  ['more segments than are possible', list(...Array.from({ length: 16_385 }, () => 0)), 'at most 16384'],
  ['more bytes than are read', new Uint8Array(LIMITS.segmentListBytes + 1), 'at most 8388608 are read'],
  ['a segment without a file', list({ rows: 7, bytes: 56 }), 'segment 0'],
  ['a negative number of rows', list(segment('a.npkd', -7)), 'segment 0'],
  ['half a row', list(segment('a.npkd', 6.5), segment('b.npkd', 0.5)), 'segment 0'],
  ['bytes that are not the rows', list(segment('a.npkd', 7, 55)), '55 bytes'],
  ['too few rows', list(segment('a.npkd', 6)), '6 rows'],
  ['a path above the store', list(segment('../a.npkd', 7)), 'outside the store'],
  ['an absolute path', list(segment('/a.npkd', 7)), 'outside the store'],
  ['a path through two folders', list(segment('a/b/c.npkd', 7)), 'segment 0 lies too deep in the store (a/b/c.npkd)'],
])('refuses %s', (_, bytes, problem) => {
  expect(decodeSegments(bytes, 7, 8)).toContain(problem)
})

test('a very long path is quoted only in part', () => {
  expect(decodeSegments(list(segment(`../${'x'.repeat(1_000_000)}`, 7)), 7, 8)).toBe(
    `segment 0 lies outside the store (../${'x'.repeat(97)}…)`,
  )
})
