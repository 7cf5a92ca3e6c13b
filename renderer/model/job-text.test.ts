import { expect, test } from 'vitest'
import type { Job } from '../../core/explorer/contract/types.ts'
import { jobEndText, hasSucceeded, jobTitle, jobProgressText } from './job-text.ts'
import { runningTask } from './test-support/running-task.ts'

type Backup = Extract<Job, { kind: 'backup' }>
type Verify = Extract<Job, { kind: 'verify' }>

const backup = (change: Partial<Backup>): Backup => ({
  ...runningTask({
    kind: 'backup',
    params: { source: '/data/mine.npk', target: '/data/mine.npkg', overwrite: false },
  }),
  ...change,
})

const verified = (result: Partial<NonNullable<Verify['result']>>): Verify => ({
  ...runningTask({ kind: 'verify', params: { source: '/data/mine.npkg' } }),
  state: 'done',
  result: {
    path: '/data/mine.npkg',
    version: 1,
    fileCount: 0,
    files: [],
    storedChecksum: 1,
    computedChecksum: 1,
    fault: null,
    missingCount: 0,
    missingArrays: [],
    ...result,
  },
})

test('a backup shows its progress, and from its second half on that it reads back', () => {
  expect(jobProgressText(backup({}))).toBe('Starting…')
  const read = { bytesDone: 500e6, bytesTotal: 4e9, rate: 100e6, secondsLeft: 35 }
  expect(jobProgressText(backup({ progress: read }))).toBe('500 MB of 4.00 GB · 100 MB/s · 35 s left')
  const back = { ...read, bytesDone: 3e9, secondsLeft: null }
  expect(jobProgressText(backup({ progress: back }))).toBe('Reading back: 3.00 GB of 4.00 GB · 100 MB/s')
})

test('the text of a job that ended says what it has written, or why it did not', () => {
  const result = { path: '/data/mine.npkg', files: 8, originalSize: 1e9, packageSize: 250e6, notOnWindows: 0 }
  const done = backup({ state: 'done', result })
  expect(jobTitle(done)).toBe('Backup of mine.npk')
  expect(jobEndText(done)).toBe('Backed up and verified: mine.npkg, 250 MB, 25.0% of 1.00 GB.')
  expect(jobEndText(backup({ state: 'done', result: { ...result, notOnWindows: 2 } }))).toContain(
    '2 files in it can’t be unpacked on Windows.',
  )
  expect(jobEndText(backup({ state: 'cancelled' }))).toBe('Cancelled. Nothing was left behind.')
  const error = { code: 'NO_SPACE', message: 'The disk is full.', details: {} }
  const failed = backup({ state: 'failed', error })
  expect([jobEndText(failed), hasSucceeded(failed)]).toEqual(['The disk is full.', false])
})

test('a verification that finds a fault is done but has not succeeded', () => {
  expect(hasSucceeded(verified({}))).toBe(true)
  expect(jobEndText(verified({ missingCount: 1, missingArrays: ['a'] }))).toContain(
    '1 array of its metadata came without data',
  )
  const fault = { code: 'CHECKSUM', message: '/data/mine.npkg: its checksum is wrong.', details: {} }
  expect(hasSucceeded(verified({ fault }))).toBe(false)
  expect(jobEndText(verified({ fault }))).toBe('Its checksum is wrong.')
})
