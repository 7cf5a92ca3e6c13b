// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Job } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { jobChanged } from '../../model/jobs.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { commandStub, renderPanel } from '../../model/test-support/render-panel.tsx'
import { runningTask } from '../../model/test-support/running-task.ts'
import { JobsButton } from './jobs-button.tsx'

type Backup = Extract<Job, { kind: 'backup' }>

const backup = (change: Partial<Backup> = {}): Backup => ({
  ...runningTask({
    kind: 'backup',
    params: { source: '/data/study.npk', target: '/data/study.npkg', overwrite: false },
  }),
  progress: { bytesDone: 250, bytesTotal: 1000, rate: 100, secondsLeft: 8 },
  ...change,
})

function showJobs(jobs: Job[], host = new FakeHost()) {
  const panel = renderPanel(<JobsButton />, host, { commands: [commandStub('showJobs')] })
  act(() => {
    for (const job of jobs) jobChanged(panel.app, job)
  })
  return panel
}

test('without jobs, the panel says what will show there', async () => {
  const { user } = showJobs([])
  await user.click(screen.getByRole('button', { name: 'Jobs' }))
  expect(screen.getByText(/^Nothing is running\./)).toBeDefined()
})

test('a backup that runs is named on the button, and in the panel it shows how far it is and can be cancelled', async () => {
  const cancelTask = vi.fn<() => { result: Record<string, never> }>(() => ({ result: {} }))
  const { user } = showJobs([backup()], new FakeHost({ cancelTask }))
  await user.click(screen.getByRole('button', { name: /Backing up study\.npk/ }))
  const item = screen.getByRole('listitem', { name: 'Backing up study.npk' })
  expect(within(item).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25')
  await user.click(within(item).getByRole('button', { name: 'Cancel: Backing up study.npk' }))
  expect(cancelTask).toHaveBeenCalledOnce()
})

test('a backup that failed says why and can be dismissed', async () => {
  const error = { code: 'IO', message: 'The disk is full.', details: {} }
  const dismissJob = vi.fn<() => { result: Record<string, never> }>(() => ({ result: {} }))
  const { user } = showJobs([backup({ state: 'failed', ended: 1, error })], new FakeHost({ dismissJob }))
  await user.click(screen.getByRole('button', { name: /1 job/ }))
  const item = screen.getByRole('listitem', { name: 'Backup of study.npk' })
  expect(within(item).getByText('The disk is full.')).toBeDefined()
  expect(within(item).getByLabelText('Failed')).toBeDefined()
  await user.click(within(item).getByRole('button', { name: 'Dismiss: Backup of study.npk' }))
  expect(dismissJob).toHaveBeenCalledOnce()
})

test('a job that can’t be cancelled is announced', async () => {
  const host = new FakeHost({
    cancelTask: () => {
      throw new BridgeError('IO', 'The disk does not answer.')
    },
  })
  const { user, app } = showJobs([backup()], host)
  await user.click(screen.getByRole('button', { name: /Backing up/ }))
  await user.click(screen.getByRole('button', { name: /^Cancel/ }))
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
})
