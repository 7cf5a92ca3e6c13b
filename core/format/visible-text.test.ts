import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { visibleJson, visibleText } from './visible-text.ts'

const codePoints = (...ranges: [number, number][]): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

test('control, direction and invisible characters are escaped by their code point', () => {
  const hidden = codePoints(
    [0x00, 0x1f],
    [0x7f, 0xa0],
    [0xad, 0xad],
    [0x034f, 0x034f],
    [0x061c, 0x061c],
    [0x115f, 0x1160],
    [0x180b, 0x180f],
    [0x2000, 0x200f],
    [0x2028, 0x202f],
    [0x205f, 0x206f],
    [0x2800, 0x2800],
    [0x3000, 0x3000],
    [0x3164, 0x3164],
    [0xd800, 0xdfff],
    [0xe000, 0xe010],
    [0xfdd0, 0xfdef],
    [0xfe00, 0xfe0f],
    [0xfeff, 0xfeff],
    [0xffa0, 0xffa0],
    [0xfff9, 0xfffb],
    [0xfffe, 0xffff],
    [0x1d159, 0x1d159],
    [0x1d173, 0x1d17a],
    [0xe0000, 0xe01ef],
    [0x10fffe, 0x10ffff],
  )
  for (const point of hidden) {
    expect(visibleText(`a${String.fromCodePoint(point)}b`)).toBe(`a\\u{${point.toString(16)}}b`)
  }
})

test('names in ordinary letters of any script stay as they are', () => {
  const names = [
    'plain',
    'with space',
    'dots.in.name',
    'эмбеддинги',
    '数据',
    'é',
    'e\u0301',
    'العربية',
    'हिन्दी',
    '🧪',
    '👍🏽',
  ]
  for (const name of names) expect(visibleText(name)).toBe(name)
})

test('an emoji keeps the variation selector that changes its look, and no other', () => {
  expect(visibleText('❤\ufe0f 😀\ufe0e 1\ufe0f\u20e3')).toBe('❤\ufe0f 😀\ufe0e 1\ufe0f\u20e3')
  expect(visibleText('a\ufe0f')).toBe('a\\u{fe0f}')
  expect(visibleText('❤\ufe0f\ufe0f')).toBe('❤\ufe0f\\u{fe0f}')
  expect(visibleText('😀\ufe0f')).toBe('😀\\u{fe0f}')
})

test('joined emoji are escaped into their parts', () => {
  expect(visibleText('👩\u200d🔬')).toBe('👩\\u{200d}🔬')
})

test('a combining mark at the start does not join the text before the name', () => {
  expect(visibleText('\u0301a')).toBe('\\u{301}a')
})

test('a name cannot imitate an escaped character', () => {
  expect(visibleText('a\\u{202e}b')).toBe('a\\u{5c}u{202e}b')
  expect(visibleText('C:\\data\\u')).toBe('C:\\data\\u')
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map(units => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom('a', ' ', '\\', '\\u{', '}', '5c', '202e', '\u202e', '\u200d', '\ufe0f', '❤', '😀', '\ud83d'),
    )
    .map(parts => parts.join('')),
)

const readBack = (shown: string): string =>
  shown.replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))

test('escaping is reversible: different texts look different', () => {
  fc.assert(
    fc.property(anyText, text => {
      expect(readBack(visibleText(text))).toBe(text)
    }),
    { numRuns: 2000 },
  )
})

const OBEYED = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u

test('escaped text cannot change the direction, break a line or move a cursor', () => {
  fc.assert(
    fc.property(anyText, text => {
      expect(visibleText(text)).not.toMatch(OBEYED)
    }),
    { numRuns: 2000 },
  )
})

test('JSON with the same characters escaped parses to the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), value => {
      const json = visibleJson(JSON.stringify(value, null, 2))
      expect(JSON.parse(json)).toEqual(value)
      expect(json.replaceAll('\n', '')).not.toMatch(OBEYED)
    }),
    { numRuns: 500 },
  )
  expect(visibleJson('"\u{e0041}"')).toBe('"\\udb40\\udc41"')
})
