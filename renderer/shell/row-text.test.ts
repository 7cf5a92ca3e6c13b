import { expect, test } from 'vitest'
import { arrayInfo } from '../model/test-support/fake-host.ts'
import { formatCurrentRow } from './row-text.ts'

const array = arrayInfo({ name: 'a', shape: [9_871_204, 100], physicalShape: [10_000_000, 100], deletedRows: 128_796 })

test('the status line describes the active row', () => {
  const row = { position: 4_812_337, logical: 4_812_337, physical: 4_875_120 }
  expect(formatCurrentRow(array, 'active', row)).toBe('Row 4,812,337 of 9,871,204 active')
  expect(formatCurrentRow(array, 'active', null)).toBe('9,871,204 rows active')
})

test('the status line describes a deleted row', () => {
  expect(formatCurrentRow(array, 'all', { position: 4_875_123, logical: null, physical: 4_875_123 })).toBe(
    'Deleted row, on disk 4,875,123',
  )
  expect(formatCurrentRow(array, 'deleted', { position: 0, logical: null, physical: 4_875_123 })).toBe(
    'Deleted row 1 of 128,796, on disk 4,875,123',
  )
})
