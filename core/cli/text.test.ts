import { expect, test } from 'vitest'
import { formatProgress } from './progress-line.ts'
import { formatTable } from './table.ts'

test('table columns fit their texts, align numbers right and leave no trailing blanks', () => {
  const rows = [
    ['size', 'codec', 'file'],
    ['3.60 kB', 'zstd', 'a'],
    ['5 B', '', ''],
  ]
  expect(formatTable(rows, [0]).split('\n')).toEqual(['   size  codec  file', '3.60 kB  zstd   a', '    5 B'])
})

test('the progress line shows bytes, rate and time left, cut to the width of the terminal', () => {
  const progress = { bytesDone: 1.2e9, bytesTotal: 2.9e9, rate: 2.1e8, secondsLeft: 8.1 }
  const whole = 'Packing  41.4%  1.20 GB of 2.90 GB  210 MB/s  9 s left'
  expect(formatProgress('Packing', progress, 80)).toBe(whole)
  expect(formatProgress('Packing', progress, whole.length - 1)).toBe('Packing  41.4%  1.20 GB of 2.90 GB  210 MB/s')
  expect(formatProgress('Packing', progress, 10)).toBe('Packing  4')
  expect(formatProgress('Packing', { bytesDone: 0, bytesTotal: 10, rate: 0, secondsLeft: null }, 80)).toBe(
    'Packing     0%  0 B of 10 B  0 B/s',
  )
})
