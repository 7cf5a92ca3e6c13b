import { expect, test } from 'vitest'
import { BridgeError } from '../bridge/bridge.ts'
import { createApp } from './app.ts'
import { endOfReading } from './end-of-reading.ts'
import { FakeHost } from './test-support/fake-host.ts'

/** Runs a read that `reason` stops; returns how it ends and what the user is told. */
async function ended(reading: Promise<unknown>, reason?: string): Promise<[string | null, string[]]> {
  const app = createApp(new FakeHost())
  const end = await endOfReading(app, reading, AbortSignal.abort(reason))
  return [end, app.notices.getState().list.map(({ message }) => message)]
}

const aborted = (): Promise<never> => Promise.reject(new BridgeError('ABORTED', 'Cancelled.'))

test('reading ends done, cancelled by the user, or silently when other reading replaces it', async () => {
  expect(await ended(Promise.resolve())).toEqual(['done', []])
  expect(await ended(aborted(), 'user')).toEqual(['cancelled', []])
  expect(await ended(aborted())).toEqual([null, []])
})

test('a failed read says why', async () => {
  expect(await ended(Promise.reject(new BridgeError('IO', 'The disk is gone.')))).toEqual([
    'failed',
    ['The disk is gone.'],
  ])
})

test("a read that another program's change ended is not reported, because the change is", async () => {
  const changed = new BridgeError('CHANGED_ON_DISK', 'data_a.npkd changed on disk while it was open.')
  expect(await ended(Promise.reject(changed))).toEqual(['failed', []])
})
