import { expect, test } from 'vitest'
import { WaitingForRows } from './waiting-for-rows.ts'

const A = { store: 1, array: 'a' }
const B = { store: 1, array: 'b' }

test('the requests for an array have ended when all are answered or cancelled, those that are repeated too', () => {
  const waiting = new WaitingForRows<string>()
  waiting.add(A, 'first')
  waiting.add(A, 'second')
  expect(waiting.take(A)).toEqual(['first', 'second'])
  waiting.delete('first')
  expect(waiting.takeEnded()).toEqual([])
  waiting.add(A, 'second')
  waiting.delete('second')
  expect(waiting.takeEnded()).toEqual([A])
  expect(waiting.takeEnded()).toEqual([])
})

test('the requests for an array have not ended when another one waits', () => {
  const waiting = new WaitingForRows<string>()
  waiting.add(A, 'first')
  waiting.delete('first')
  waiting.add(A, 'second')
  waiting.noteCancelled(A)
  expect(waiting.takeEnded()).toEqual([])
})

test('the only request for an array has ended when it is cancelled before it waits; none has when an engine stopped', () => {
  const waiting = new WaitingForRows<string>()
  waiting.noteCancelled(B)
  expect(waiting.takeEnded()).toEqual([B])
  waiting.noteCancelled(B)
  waiting.add(A, 'first')
  expect(waiting.takeAll()).toEqual(['first'])
  expect(waiting.takeEnded()).toEqual([])
})
