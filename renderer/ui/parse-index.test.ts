import { expect, test } from 'vitest'
import { parseIndex } from './parse-index.ts'

const SIZE = 2_000_000

test.each([
  ['12', 12],
  [' 0 ', 0],
  ['-1', 1_999_999],
  ['−2', 1_999_998],
  ['-2000000', 0],
  ['1,234', 1234],
  ['1 234 567', 1_234_567],
  ['1_234', 1234],
  ['1’234', 1234],
  ['007', 7],
])('the index “%s” is %d', (text, index) => {
  expect(parseIndex(text, SIZE)).toEqual({ ok: true, index })
})

test.each([
  '',
  '-',
  '1.5',
  '1e1',
  '12, 5',
  '1,2',
  '12,34',
  '1,2345',
  '1,234 567',
  '--1',
  '1-',
  '0x10',
  'a',
  '٣',
  '½',
  '+1',
])('“%s” is refused as an index, and never read as another number', text => {
  expect(parseIndex(text, SIZE)).toEqual({ ok: false, message: expect.stringContaining('whole number') })
})

test.each(['2000000', '-2000001', '99999999999999999999999'])('%s is refused as out of range', text => {
  expect(parseIndex(text, SIZE)).toEqual({
    ok: false,
    message: 'Type a number from 0 to 1,999,999, or -1 for the last one.',
  })
})

test('an axis of length 0 has no valid index', () => {
  expect(parseIndex('0', 0)).toMatchObject({ ok: false })
})
