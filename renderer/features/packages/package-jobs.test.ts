import { expect, test } from 'vitest'
import type { Result } from '../../../core/explorer/contract/types.ts'
import { type App, createApp } from '../../model/app.ts'
import { fakeSettings } from '../../model/test-support/fake-settings.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { runningTask } from '../../model/test-support/running-task.ts'
import { jobChanged } from '../../model/jobs.ts'
import { backUp, startWithTarget, unpackTo } from './package-jobs.ts'

function start(suggested: Result<'suggestTarget'>): { app: App; host: FakeHost } {
  const host = new FakeHost({
    suggestTarget: () => ({ result: suggested }),
    startTask: request => ({ result: { task: runningTask(request) } }),
    ...fakeSettings(),
  })
  return { app: createApp(host), host }
}

const free = { target: '/data/a.npkg', taken: false, free: '/data/a.npkg' }
const taken = { target: '/data/a.npkg', taken: true, free: '/data/a (2).npkg' }

test('a backup starts at once when its name is free, and shows the jobs', async () => {
  const { app, host } = start(free)
  await backUp(app, '/data/a.npk')
  expect(host.paramsOf('startTask')).toEqual([
    { kind: 'backup', params: { source: '/data/a.npk', target: '/data/a.npkg', overwrite: false } },
  ])
  expect(app.jobs.getState().panelOpen).toBe(true)
})

test('a backup whose name is taken asks with another name first', async () => {
  const { app, host } = start(taken)
  await backUp(app, '/data/a.npk')
  expect(host.paramsOf('startTask')).toEqual([])
  expect(app.dialogs.getState().open).toEqual({
    kind: 'target',
    job: 'backup',
    source: '/data/a.npk',
    target: '/data/a (2).npkg',
    taken: '/data/a.npkg',
  })
})

test('a second click shows the running backup instead of starting another', async () => {
  const { app, host } = start(free)
  const params = { source: '/data/a.npk', target: '/data/a.npkg', overwrite: false }
  jobChanged(app, runningTask({ kind: 'backup', params }))
  await backUp(app, '/data/a.npk')
  expect(host.asked).toEqual([])
  expect(app.jobs.getState().panelOpen).toBe(true)
})

test('unpacking always asks for its destination', async () => {
  const { app, host } = start({ target: '/data/a.npk', taken: false, free: '/data/a.npk' })
  await unpackTo(app, '/data/a.npkg')
  expect(app.dialogs.getState().open).toMatchObject({
    kind: 'target',
    job: 'unpack',
    target: '/data/a.npk',
    taken: null,
  })
  expect(host.paramsOf('startTask')).toEqual([])
})

test('the folder of a backup is proposed for the next one, unless it is beside the store', async () => {
  const { app, host } = start(free)
  await startWithTarget(app, 'backup', { source: '/data/a.npk', target: '/usb/a.npkg', overwrite: false })
  await backUp(app, '/data/b.npk')
  expect(host.paramsOf('suggestTarget').map(({ folder }) => folder)).toEqual(['/usb'])
  await startWithTarget(app, 'backup', { source: '/data/a.npk', target: '/data/c.npkg', overwrite: false })
  expect(app.settings.getState().values.backupFolder).toBeNull()
})
