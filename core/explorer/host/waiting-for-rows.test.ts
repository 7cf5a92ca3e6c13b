import { expect, test } from 'vitest'
import { WaitingForRows } from './waiting-for-rows.ts'

const A = { store: 1, array: 'a' }
const B = { store: 1, array: 'b' }

test('an array is left once all requests that waited for it are answered or cancelled, repeated ones too', () => {
  const waiting = new WaitingForRows<string>()
  waiting.add(A, 'first')
  waiting.add(A, 'second')
  expect(waiting.take(A)).toEqual(['first', 'second'])
  waiting.delete('first')
  expect(waiting.takeLeft()).toEqual([])
  waiting.add(A, 'second')
  waiting.delete('second')
  expect(waiting.takeLeft()).toEqual([A])
  expect(waiting.takeLeft()).toEqual([])
})

test('an array that is waited for again is not left', () => {
  const waiting = new WaitingForRows<string>()
  waiting.add(A, 'first')
  waiting.delete('first')
  waiting.add(A, 'second')
  waiting.leave(A)
  expect(waiting.takeLeft()).toEqual([])
})

test('an array whose only request was cancelled before it waited is left, and none is after an engine stopped', () => {
  const waiting = new WaitingForRows<string>()
  waiting.leave(B)
  expect(waiting.takeLeft()).toEqual([B])
  waiting.leave(B)
  waiting.add(A, 'first')
  expect(waiting.takeAll()).toEqual(['first'])
  expect(waiting.takeLeft()).toEqual([])
})
