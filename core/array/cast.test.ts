import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DType } from '../format/dtype.ts'
import { componentsOf, elementsOf } from '../format/elements.ts'
import { NDArray } from './ndarray.ts'

/** What NumPy's astype gives for the edges of each dtype (core/oracle/generate_casts.py). */
interface Case {
  from: DType
  to: DType
  values: string
  become: string
}

const CASES = JSON.parse(readFileSync(new URL('fixtures/numpy-casts.json', import.meta.url), 'utf8')) as Case[]

test.each(CASES)('elements of $from become those of $to as in NumPy', ({ from, to, values, become }) => {
  const data = elementsOf(from, Uint8Array.from(Buffer.from(values, 'hex')))
  const count = data.length / componentsOf(from)
  const target = NDArray.zeros([count], to)
  target.set('...', new NDArray(from, [count], data))
  const expected = elementsOf(to, Uint8Array.from(Buffer.from(become, 'hex')))
  expect(target.data).toEqual(expected)
})
