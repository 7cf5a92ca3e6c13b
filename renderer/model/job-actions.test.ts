import { expect, test } from 'vitest'
import type { ErrorBody, Job } from '../../core/explorer/contract/types.ts'
import { createApp } from './app.ts'
import { resultActions } from './job-actions.ts'
import { FakeHost } from './test-support/fake-host.ts'

const failed = (error: ErrorBody): Job => ({
  id: 1,
  kind: 'backup',
  params: { source: '/data/a.npk', target: '/full/a.npkg', overwrite: false },
  state: 'failed',
  progress: { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null },
  results: 0,
  started: 0,
  ended: 0,
  result: null,
  error,
})

const labels = (job: Job): string[] => resultActions(createApp(new FakeHost()), job).map(({ label }) => label)

test('a backup that can’t be written offers another place first, and opens the dialog for it', () => {
  const error = { code: 'IO', message: "Can't write into /full.", details: { path: '/full', action: 'create' } }
  const app = createApp(new FakeHost())
  const [first, second] = resultActions(app, failed(error))
  expect([first?.label, second?.label]).toEqual(['Choose another place…', 'Try again'])
  first?.run()
  expect(app.dialogs.getState().open).toEqual({
    kind: 'target',
    job: 'backup',
    source: '/data/a.npk',
    target: '/full/a.npkg',
    taken: null,
  })
  expect(labels(failed({ code: 'NO_SPACE', message: 'No space left.', details: {} }))[0]).toBe('Choose another place…')
})

test('a backup that fails because of its store offers to try again first', () => {
  expect(labels(failed({ code: 'CHANGED_ON_DISK', message: 'It was changed.', details: {} }))).toEqual([
    'Try again',
    'Choose another place…',
  ])
})
