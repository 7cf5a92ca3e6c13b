import { expect, test } from 'vitest'
import { BridgeError } from '../bridge/bridge.ts'
import { createApp } from './app.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { cancelJob, dismissJob } from './jobs.ts'

const refuse = (code: string, message: string) => (): never => {
  throw new BridgeError(code, message)
}

test('dismissing or cancelling a job that is gone already is no error, and any other failure is announced', async () => {
  const host = new FakeHost({
    dismissJob: refuse('NOT_FOUND', 'This job is not in the list any more.'),
    cancelTask: refuse('NOT_FOUND', 'This job is not in the list any more.'),
  })
  const app = createApp(host)
  await dismissJob(app, { id: 1 })
  await cancelJob(app, { id: 1 })
  expect(app.notices.getState().list).toEqual([])

  host.handlers.dismissJob = refuse('ARGUMENT', 'This job is still running: cancel it first.')
  await dismissJob(app, { id: 1 })
  expect(app.notices.getState().list).toMatchObject([{ message: 'This job is still running: cancel it first.' }])
})
