import { expect, test } from 'vitest'
import { arrayInfo } from '../../../model/test-support/fake-host.ts'
import { arrayFacts } from './array-facts.ts'

const factsOf = (array: Parameters<typeof arrayInfo>[0]): Record<string, string> =>
  Object.fromEntries(arrayFacts(arrayInfo(array)).map(({ name, value }) => [name, value]))

test('array facts list rows, deleted rows and bytes', () => {
  const facts = factsOf({ name: 'a', dtype: 'float16', shape: [6, 5], physicalShape: [8, 5], deletedRows: 2 })
  expect(facts).toMatchObject({
    Type: 'float16, 2 bytes an element',
    Shape: '6 × 5',
    'Shape on disk': '8 × 5',
    Elements: '30',
    'Deleted rows': '2 of 8 (25.0%)',
    'A row': '10 B',
  })
})

test('array facts count more elements than a number holds exactly', () => {
  const shape = [2 ** 40 + 1, 99_999]
  // (2^40 + 1) * 99,999
  expect(factsOf({ name: 'a', shape, physicalShape: shape })['Elements']).toBe('109,950,063,266,072,223')
})

test('array facts leave out the rows of a scalar and the sizes of an unreadable array', () => {
  expect(Object.keys(factsOf({ name: 'a', shape: [], physicalShape: [] }))).not.toContain('A row')
  expect(factsOf({ name: 'a', shape: [], physicalShape: [] })).toMatchObject({ Shape: 'scalar', Elements: '1' })
  const damaged = factsOf({ name: 'a', shape: [3], physicalShape: [3], damaged: 'its file is missing' })
  expect(Object.keys(damaged)).not.toContain('Elements')
})
