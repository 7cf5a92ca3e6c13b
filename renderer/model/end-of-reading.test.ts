import { expect, test } from 'vitest'
import { BridgeError } from '../bridge/bridge.ts'
import { createApp } from './app.ts'
import { endOfReading } from './end-of-reading.ts'
import { FakeHost } from './test-support/fake-host.ts'

/** How reading ends that `reason` stops, and what the user is told. */
async function ended(reading: Promise<unknown>, reason?: string): Promise<[string | null, string[]]> {
  const app = createApp(new FakeHost())
  const end = await endOfReading(app, reading, AbortSignal.abort(reason))
  return [end, app.notices.getState().list.map(({ message }) => message)]
}

const aborted = (): Promise<never> => Promise.reject(new BridgeError('ABORTED', 'Cancelled.'))

test('reading is done, cancelled by the user, or given up for other reading without a word', async () => {
  expect(await ended(Promise.resolve())).toEqual(['done', []])
  expect(await ended(aborted(), 'user')).toEqual(['cancelled', []])
  expect(await ended(aborted())).toEqual([null, []])
})

test('reading that fails says why', async () => {
  expect(await ended(Promise.reject(new BridgeError('IO', 'The disk is gone.')))).toEqual([
    'failed',
    ['The disk is gone.'],
  ])
})

test('what another program changed meanwhile is no failure to tell: the window is told of the change', async () => {
  const changed = new BridgeError('CHANGED_ON_DISK', 'data_a.npkd changed on disk while it was open.')
  expect(await ended(Promise.reject(changed))).toEqual(['failed', []])
})
