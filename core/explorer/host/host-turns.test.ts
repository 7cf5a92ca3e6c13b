import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { HostTurns } from './host-turns.ts'

const turnsOf = (): { turns: HostTurns<number>; answered: number[] } => {
  const answered: number[] = []
  return { turns: new HostTurns(request => answered.push(request)), answered }
}

test('what the host answers itself waits while the window is held, and comes in order then', async () => {
  const { turns, answered } = turnsOf()
  turns.hold(true)
  for (const request of [1, 2, 3]) turns.add(request)
  await setImmediate()
  expect(answered).toEqual([])
  turns.hold(false)
  for (let i = 0; i < 5; i++) await setImmediate()
  expect(answered).toEqual([1, 2, 3])
})

test('a burst of requests is answered one in each turn of the event loop', async () => {
  const { turns, answered } = turnsOf()
  for (let request = 0; request < 999; request++) turns.add(request)
  expect(answered).toEqual([0])
  await setImmediate()
  expect(answered.length).toBeLessThan(4)
})

test('a request that is removed while it waits is never answered', async () => {
  const { turns, answered } = turnsOf()
  for (const request of [1, 2, 3]) turns.add(request)
  turns.remove(2)
  for (let i = 0; i < 5; i++) await setImmediate()
  expect(answered).toEqual([1, 3])
})
