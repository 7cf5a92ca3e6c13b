import { expect, test } from 'vitest'
import { mayFitAsJson } from './json-length.ts'

const VALUES: unknown[] = [
  'plain',
  '"quotes" and \\',
  'control \u0001\u007f\n',
  'beyond \u2028 \uffff 😀 \ud800',
  ['', 'a', ['b']],
  { key: 'text', none: undefined, list: [{ name: 'a' }, { name: '\t' }] },
]

test.each(VALUES.map(value => [JSON.stringify(value), value]))(
  'what has as many characters as JSON fits: %s',
  (text, value) => {
    expect(mayFitAsJson(value, text.length)).toBe(true)
  },
)

test.each(['plain', '\u0001\n"', 'x\ud800'])(
  'a text that has one character too many as JSON does not fit: %j',
  text => {
    expect(mayFitAsJson(text, JSON.stringify(text).length - 1)).toBe(false)
  },
)

test.each<[string, unknown]>([
  ['many keys and texts', Array.from({ length: 1000 }, () => ({ name: 'a', other: { b: '' } }))],
  ['many numbers', Array.from({ length: 1000 }, () => 0)],
  ['many empty lists and objects', Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? [] : {}))],
])('a value that has one character too many as JSON does not fit: %s', (_, value) => {
  expect(mayFitAsJson(value, JSON.stringify(value).length)).toBe(true)
  expect(mayFitAsJson(value, JSON.stringify(value).length - 1)).toBe(false)
})
