import { describe, expect, test } from 'vitest'
import { isBounded, parseForeignJson } from './bounded.ts'

const BOUNDS = { depth: 3, values: 10, characters: 1000 }

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

function shared(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = { a: value, b: value }
  return value
}

function longest(): unknown[] {
  const value: unknown[] = []
  value.length = 2 ** 32 - 1
  return value
}

function cyclic(): unknown {
  const value: unknown[] = []
  value.push(value)
  return value
}

describe('a value is within bounds', () => {
  test.each<[string, unknown]>([
    ['where it is a number', 5],
    ['where it is null', null],
    ['where it is as deep as the bound', nested(3)],
    ['where it has as many values as the bound', [1, 2, 3, { a: 4, b: 5, c: [6, 7] }].slice(0, 4)],
    [
      'where its texts and keys have as many characters as the bound',
      ['x'.repeat(500), { ['k'.repeat(400)]: 'x'.repeat(100) }],
    ],
  ])('%s', (_, value) => expect(isBounded(value, BOUNDS)).toBe(true))
})

describe('a value is beyond the bounds', () => {
  test.each<[string, unknown]>([
    ['where it is deeper', nested(4)],
    ['where it is far deeper than any stack', nested(100_000)],
    ['where it holds itself', cyclic()],
    ['where an array is longer', Array.from({ length: 11 }, () => 0)],
    ['where an array says that it is far longer', longest()],
    ['where it has more values in all', { a: [1, 2, 3], b: [4, 5, 6], c: [7, 8, 9] }],
    ['where a text is longer', 'x'.repeat(1001)],
    ['where texts are longer together', ['x'.repeat(500), ['x'.repeat(501)]]],
    ['where a key is longer', { ['k'.repeat(1001)]: 1 }],
    ['where it holds bytes', { a: new Uint8Array(2 ** 20) }],
  ])('%s', (_, value) => expect(isBounded(value, BOUNDS)).toBe(false))

  test('a few objects with exponentially many paths are checked in bounded time', () => {
    expect(isBounded(shared(64), { depth: 100, values: 1000, characters: 1000 })).toBe(false)
  })
})

const parse = (text: string): unknown => parseForeignJson(new TextEncoder().encode(text))

describe('JSON from a file', () => {
  test('is parsed whatever its texts hold', () => {
    const value = { 'a"[': ['[[{{,,', '\\', '\\"', ']'], b: { c: [1, { d: null }] }, é: '['.repeat(100) }
    expect(parse(JSON.stringify(value))).toEqual(value)
    expect(parse('['.repeat(32) + ']'.repeat(32))).toEqual(nested(32))
  })

  test.each([
    ['deeper than any file', '['.repeat(33) + ']'.repeat(33)],
    ['deeper than any file after a text with brackets', `["]]\\"]]",${'['.repeat(32)}${']'.repeat(33)}`],
    ['of more objects than any file', `[${'{},'.repeat(2 ** 20)}{}]`],
    ['of more numbers than any file', `[${'1,'.repeat(2 ** 21)}1]`],
  ])('%s is refused before it is parsed', (_, text) => expect(() => parse(text)).toThrow(RangeError))

  test('that ends early is a SyntaxError', () => expect(() => parse('{"a')).toThrow(SyntaxError))
})
