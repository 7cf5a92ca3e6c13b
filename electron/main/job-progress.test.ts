import { expect, test } from 'vitest'
import type { Job } from '../../core/explorer/contract/types.ts'
import { endNotice, JobProgress } from './job-progress.ts'

const job = (id: number, change: Partial<Job> = {}): Job =>
  ({
    id,
    kind: 'backup',
    params: { source: '/data/scores.npk', target: '/data/scores.npkg', overwrite: false },
    state: 'running',
    progress: { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null },
    started: 0,
    ended: null,
    results: 0,
    result: null,
    error: null,
    ...change,
  }) as Job

const at = (bytesDone: number, bytesTotal: number): Partial<Job> => ({
  progress: { bytesDone, bytesTotal, rate: 0, secondsLeft: null },
})

test('the bar shows the bytes of all running jobs together, moves while they are unknown, and goes with the last', () => {
  const progress = new JobProgress()
  expect(progress.onChange(job(1))).toBe(2)
  expect(progress.onChange(job(1, at(25, 100)))).toBe(0.25)
  expect(progress.onChange(job(2, at(0, 100)))).toBe(0.125)
  expect(progress.onChange(job(1, { state: 'done' }))).toBe(0)
  expect(progress.onChange(job(2, { state: 'cancelled' }))).toBe(-1)
})

test('a notification names what ended and how, and no folder', () => {
  const ended = { started: 0, ended: 60_000 }
  expect(endNotice(job(1, { ...ended, state: 'done' }))).toEqual({ title: 'Backup is done', body: 'scores.npk' })
  expect(endNotice(job(1, { ...ended, state: 'failed' }))?.title).toBe('Backup failed')
  const fault = { code: 'CHECKSUM', message: 'damaged', details: {} }
  const verified = {
    ...ended,
    kind: 'verify',
    state: 'done',
    params: { source: 'C:\\data\\a.npkg' },
    result: { fault },
  }
  expect(endNotice(job(1, verified as Partial<Job>))).toEqual({ title: 'The package is damaged', body: 'a.npkg' })
})

test('a short or cancelled job, and one that runs, cause no notification', () => {
  expect(endNotice(job(1, { started: 0, ended: 4000, state: 'done' }))).toBeNull()
  expect(endNotice(job(1, { started: 0, ended: 60_000, state: 'cancelled' }))).toBeNull()
  expect(endNotice(job(1))).toBeNull()
})
