import { expect, test } from 'vitest'
import { formatCache, parseCache, parseFolder, parseThreads, type ParsedSetting } from './parse-setting.ts'

const valueOf = <T>(parsed: ParsedSetting<T>): T | string => (parsed.ok ? parsed.value : parsed.message)

const GIB = 1_073_741_824

test.each([
  ['', null],
  ['  ', null],
  ['1', 1],
  [' 12 ', 12],
  ['64', 64],
])('%j threads are %j', (text, threads) => {
  expect(parseThreads(text)).toEqual({ ok: true, value: threads })
})

test.each(['0', '65', '-1', '1.5', '1e1', '0x2', 'two', '1 2'])('%j is no number of threads', text => {
  expect(valueOf(parseThreads(text))).toBe('Type a whole number from 1 to 64, or nothing.')
})

test.each([
  ['', null],
  ['8', 8 * GIB],
  ['0.5', GIB / 2],
  ['.5', GIB / 2],
  ['2.', 2 * GIB],
  ['0.0625', 67_108_864],
  ['16384', 17_592_186_044_416],
])('a cache limit of %j GiB is %j bytes', (text, bytes) => {
  expect(parseCache(text)).toEqual({ ok: true, value: bytes })
})

test.each(['0', '0.06', '16385', '-1', '1,5', '1e3', 'Infinity', '.', '8 GiB'])('%j is no cache limit', text => {
  expect(valueOf(parseCache(text))).toBe('Type a number from 0.0625 to 16384, such as 8 or 0.5, or nothing.')
})

test('a cache limit reads as it was typed', () => {
  for (const text of ['8', '0.5', '0.0625', '16384', '1.25'])
    expect(formatCache(valueOf(parseCache(text)) as number)).toBe(text)
})

test.each(['/backups', '/', 'C:\\Backups', 'd:/backups', '\\\\server\\share\\backups'])('%j is a folder', text => {
  expect(parseFolder(` ${text} `)).toEqual({ ok: true, value: text })
})

test.each(['backups', '~/backups', './backups', 'C:backups'])('%j is no whole path', text => {
  expect(valueOf(parseFolder(text))).toMatch(/^Type the whole path of a folder/)
})
