import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ExplorerEvent, Job, JobResult } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import { type JobControl, JOB_RUNNERS } from './job-runners.ts'
import { Tasks } from './tasks.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/stores')

let folder: string
let host: ExplorerHost
const hosts: ExplorerHost[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-'))
})

afterEach(async () => {
  await Promise.all(hosts.splice(0).map(host => host.close()))
  removeFolder(folder)
})

interface HeldJob {
  control: JobControl
  finish: (result: JobResult<'unpack'>) => void
  fail: (error: unknown) => void
}

function start(): { window: TestWindow; held: HeldJob[] } {
  const held: HeldJob[] = []
  host = startTestHost(join(folder, 'data'), {
    jobRunners: {
      ...JOB_RUNNERS,
      unpack: (_params, control) =>
        new Promise((finish, fail) => {
          held.push({ control, finish, fail })
          control.signal.addEventListener('abort', () => fail(new NumPackError('ABORTED', 'Cancelled.')))
        }),
    },
  })
  hosts.push(host)
  return { window: new TestWindow(host), held }
}

const HELD = { kind: 'unpack', params: { source: '/a.npkg', target: '/a.npk', overwrite: false } } as const

const jobsOf = async (window: TestWindow): Promise<Job[]> => (await window.get('listJobs', {})).jobs

const ended = (id: number) => (event: ExplorerEvent) =>
  event.type === 'taskChanged' && event.task.id === id && event.task.state !== 'running' ? event.task : undefined

describe('a job', () => {
  test('belongs to the host: every window is told of it, and it outlives the one that started it', async () => {
    const { window, held } = start()
    const other = new TestWindow(host)
    const { task: job } = await window.get('startTask', HELD)
    expect(job).toMatchObject({ ...HELD, state: 'running', result: null, error: null, ended: null })
    window.connection.close()
    expect(host.runningJobs).toBe(1)
    const progress = { bytesDone: 5, bytesTotal: 10, rate: 2, secondsLeft: 2.5 }
    held[0]!.control.onProgress(progress)
    const moved = await other.event(event =>
      event.type === 'taskChanged' && event.task.progress.bytesDone > 0 ? event.task : undefined,
    )
    expect(moved).toMatchObject({ id: job.id, progress })
    held[0]!.finish({ path: '/a.npk' })
    expect(await other.event(ended(job.id))).toMatchObject({ state: 'done', result: { path: '/a.npk' } })
    expect(host.runningJobs).toBe(0)
    expect(await jobsOf(new TestWindow(host))).toMatchObject([{ id: job.id, state: 'done', progress }])
  })

  test('is cancelled by any window; what it leaves is no error', async () => {
    const { window } = start()
    const { task: job } = await window.get('startTask', HELD)
    await new TestWindow(host).get('cancelTask', { task: job.id })
    const end = await window.event(ended(job.id))
    expect(end).toMatchObject({ state: 'cancelled', result: null, error: null })
    expect(end.ended).toBeGreaterThanOrEqual(end.started)
    await window.get('cancelTask', { task: job.id })
    expect(await jobsOf(window)).toEqual([end])
  })

  test('fails with its error; a failure while it is cancelled is one, too', async () => {
    const { window, held } = start()
    const { task: job } = await window.get('startTask', HELD)
    held[0]!.fail(new NumPackError('NO_SPACE', 'The disk is full.', { path: '/a.npk' }))
    const error = { code: 'NO_SPACE', message: 'The disk is full.', details: { path: '/a.npk' } }
    expect(await window.event(ended(job.id))).toMatchObject({ state: 'failed', error, result: null })
  })

  test('is dismissed when it has ended, in every window', async () => {
    const { window, held } = start()
    const { task: job } = await window.get('startTask', HELD)
    expect(codeOf(await window.ask('dismissJob', { job: job.id }))).toBe('ARGUMENT')
    held[0]!.finish({ path: '/a.npk' })
    await window.event(ended(job.id))
    const other = new TestWindow(host)
    await window.get('dismissJob', { job: job.id })
    expect(await other.event(event => (event.type === 'jobDismissed' ? event.job : undefined))).toBe(job.id)
    expect(await jobsOf(window)).toEqual([])
    expect(codeOf(await window.ask('dismissJob', { job: job.id }))).toBe('NOT_FOUND')
    expect(codeOf(await window.ask('cancelTask', { task: job.id }))).toBe('NOT_FOUND')
  })

  test('waits for its turn when four others run, and is cancelled without ever having begun', async () => {
    const { window, held } = start()
    const ids: number[] = []
    for (let i = 0; i < 6; i++) ids.push((await window.get('startTask', HELD)).task.id)
    expect(held).toHaveLength(4)
    expect((await jobsOf(window)).map(({ state }) => state)).toEqual(Array(6).fill('running'))
    expect(host.runningJobs).toBe(6)
    await window.get('cancelTask', { task: ids[4]! })
    expect(await window.event(ended(ids[4]!))).toMatchObject({ state: 'cancelled', error: null })
    held[1]!.finish({ path: '/a.npk' })
    await window.event(ended(ids[1]!))
    expect(held).toHaveLength(5)
    held[4]!.finish({ path: '/last.npk' })
    expect(await window.event(ended(ids[5]!))).toMatchObject({ state: 'done', result: { path: '/last.npk' } })
  })

  test('is refused when a hundred others wait', async () => {
    const { window } = start()
    for (let i = 0; i < 104; i++) await window.get('startTask', HELD)
    const reply = await window.ask('startTask', HELD)
    expect(codeOf(reply)).toBe('ARGUMENT')
    expect(!reply.ok && reply.error.message).toMatch(/^Too many jobs/)
    expect(await jobsOf(window)).toHaveLength(104)
  })

  test('that nobody knows is refused', async () => {
    const { window } = start()
    const unknown = { kind: 'format', params: {} } as unknown as typeof HELD
    expect(codeOf(await window.ask('startTask', unknown))).toBe('ARGUMENT')
    expect(codeOf(await window.ask('startTask', { ...HELD, params: { ...HELD.params, target: '' } }))).toBe('ARGUMENT')
  })

  test('is cancelled when the host ends, which waits for it', async () => {
    const { window, held } = start()
    await window.get('startTask', HELD)
    await host.close()
    expect(held[0]!.control.signal.aborted).toBe(true)
    expect(host.runningJobs).toBe(0)
  })

  test('does not fill the list for ever', async () => {
    const { window, held } = start()
    for (let n = 0; n < 105; n++) {
      const { task: job } = await window.get('startTask', HELD)
      held[n]!.finish({ path: '/a.npk' })
      await window.event(ended(job.id))
    }
    const ids = (await jobsOf(window)).map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: 100 }, (_, n) => n + 6))
  })
})

describe('packages', () => {
  test('a store is backed up, read back and unpacked; the files are the same', async () => {
    const { window } = start()
    const store = join(folder, 'mine.npk')
    cpSync(join(FIXTURES, 'deleted.npk'), store, { recursive: true })
    const target = join(folder, 'mine.npkg')
    const { task: job } = await window.get('startTask', {
      kind: 'backup',
      params: { source: store, target, overwrite: false },
    })
    const done = await window.event(ended(job.id))
    const names = readdirSync(store)
    const bytes = names.reduce((sum, name) => sum + readFileSync(join(store, name)).length, 0)
    expect(done).toMatchObject({
      state: 'done',
      result: { path: target, files: names.length, originalSize: bytes, packageSize: readFileSync(target).length },
      progress: { bytesDone: 2 * bytes, bytesTotal: 2 * bytes },
    })

    const verify = await window.get('startTask', { kind: 'verify', params: { source: target } })
    const verified = await window.event(ended(verify.task.id))
    expect(verified).toMatchObject({ state: 'done', result: { path: target, fault: null, missingArrays: [] } })
    expect(verified.kind === 'verify' && verified.result?.files.map(({ name }) => name).sort()).toEqual(names.sort())

    const again = join(folder, 'again.npk')
    await JOB_RUNNERS.unpack(
      { source: target, target: again, overwrite: false },
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    for (const name of names) expect(readFileSync(join(again, name))).toEqual(readFileSync(join(store, name)))
  })

  test('a backup that was verified is known to every window afterwards, with what became of it', async () => {
    const { window } = start()
    const source = join(folder, 'mine.npk')
    const target = join(folder, 'mine.npkg')
    cpSync(join(FIXTURES, 'deleted.npk'), source, { recursive: true })
    await window.get('openStore', { path: source })
    const last = async () => (await new TestWindow(host).get('lastBackup', { source })).backup
    expect(await last()).toBeNull()
    const { task: job } = await window.get('startTask', {
      kind: 'backup',
      params: { source, target, overwrite: false },
    })
    const done = await window.event(ended(job.id))
    const noted = {
      path: target,
      originalSize: done.kind === 'backup' && done.result?.originalSize,
      packageSize: readFileSync(target).length,
      verified: done.ended,
    }
    expect(await last()).toEqual({ ...noted, file: 'whole', outdated: false })
    const later = new Date(Date.now() + 60_000)
    writeFileSync(join(source, 'notes.txt'), 'not NumPack’s')
    utimesSync(join(source, 'notes.txt'), later, later)
    expect(await last()).toMatchObject({ outdated: false })
    utimesSync(join(source, 'metadata.npkm'), later, later)
    utimesSync(target, later, later)
    expect(await last()).toMatchObject({ file: 'changed' })
    rmSync(target)
    expect(await last()).toEqual({ ...noted, file: 'missing', outdated: true })
    const failed = await window.get('startTask', {
      kind: 'backup',
      params: { source, target: join(source, 'notes.txt', 'x.npkg'), overwrite: false },
    })
    expect((await window.event(ended(failed.task.id))).state).toBe('failed')
    expect(await last()).toMatchObject(noted)
  })

  test('a window has nothing written under a name that is no package’s or store’s', async () => {
    const { window, held } = start()
    const source = join(FIXTURES, 'deleted.npk')
    const refused = {
      backup: ['x.pth', 'conf.d/x.fish', 'x.npkg.', 'x.npkg/../x.sh', 'x.pth/', '.profile.d/x.sh', 'x.npk'],
      unpack: ['.bashrc.d', 'x', 'x.npk/..', 'x.npkg', 'x.npk.d/'],
    } as const
    for (const kind of ['backup', 'unpack'] as const) {
      for (const name of refused[kind]) {
        const params = { source, target: `${folder}/${name}`, overwrite: false }
        const reply = await window.ask('startTask', { kind, params })
        expect(codeOf(reply), name).toBe('ARGUMENT')
        expect(reply.ok ? '' : reply.error.message).toContain(`must end in ${kind === 'backup' ? '.npkg' : '.npk'}`)
        expect((await window.get('checkTarget', { kind, ...params })).problem, name).not.toBeNull()
      }
    }
    expect(await jobsOf(window)).toEqual([])

    for (const [kind, name] of [
      ['backup', 'no-suffix'],
      ['backup', 'X.NPKG'],
      ['unpack', 'X.Npk/'],
    ] as const) {
      const params = { source, target: `${folder}/${name}`, overwrite: false }
      expect(await window.get('checkTarget', { kind, ...params })).toMatchObject({ problem: null })
      const { task: job } = await window.get('startTask', { kind, params })
      held.pop()?.finish({ path: params.target })
      expect(await window.event(ended(job.id)), name).toMatchObject({ state: 'done' })
    }
    expect(readdirSync(folder).sort()).toEqual(['X.NPKG', 'data', 'no-suffix.npkg'])
  })

  test('an existing target is not overwritten', async () => {
    const { window } = start()
    const target = join(folder, 'there.npkg')
    cpSync(join(FIXTURES, 'library.npkg'), target)
    const source = join(FIXTURES, 'deleted.npk')
    const { task: job } = await window.get('startTask', {
      kind: 'backup',
      params: { source, target, overwrite: false },
    })
    expect(await window.event(ended(job.id))).toMatchObject({ state: 'failed', error: { code: 'EXISTS' } })
    expect(readFileSync(target)).toEqual(readFileSync(join(FIXTURES, 'library.npkg')))
  })

  test('what is wrong with a package is the result of its verification', async () => {
    const { window } = start()
    const source = join(FIXTURES, 'damaged/bad-crc.npkg')
    const { task: job } = await window.get('startTask', { kind: 'verify', params: { source } })
    const end = await window.event(ended(job.id))
    expect(end).toMatchObject({ state: 'done', error: null })
    expect(end.kind === 'verify' && end.result?.fault?.message).toContain('bad-crc.npkg')
  })

  // Other systems open no path of so many characters.
  test.runIf(process.platform === 'linux')('a backup of a store at a long path is found by that path', async () => {
    const { window } = start()
    const source = join(folder, ...Array.from({ length: 9 }, () => '"'.repeat(240)), 'mine.npk')
    cpSync(join(FIXTURES, 'deleted.npk'), source, { recursive: true })
    await window.get('openStore', { path: source })
    const params = { source, target: join(folder, 'mine.npkg'), overwrite: false }
    const { task: job } = await window.get('startTask', { kind: 'backup', params })
    const { params: listed } = await window.event(ended(job.id))
    expect(await window.get('lastBackup', { source })).toMatchObject({ backup: { path: params.target } })
    expect(listed).toEqual(job.params)
    expect(listed).toEqual((await jobsOf(window))[0]?.params)
    expect(JSON.stringify(listed).length).toBeLessThan(2 * LIMITS.jobTextCharacters)
  })

  test('a backup that is cancelled leaves nothing behind', async () => {
    const { window } = start()
    const target = join(folder, 'out', 'mine.npkg')
    const source = join(FIXTURES, 'dtypes.npk')
    const { task: job } = await window.get('startTask', {
      kind: 'backup',
      params: { source, target, overwrite: false },
    })
    await window.get('cancelTask', { task: job.id })
    expect((await window.event(ended(job.id))).state).toBe('cancelled')
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })

  test('a backup that runs when the host ends leaves nothing behind', async () => {
    const { window } = start()
    const target = join(folder, 'out', 'mine.npkg')
    const source = join(FIXTURES, 'dtypes.npk')
    await window.get('startTask', { kind: 'backup', params: { source, target, overwrite: false } })
    await host.close()
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })
})

test('a job does its work at a long path, but lists only its beginning and end', async () => {
  const asked: string[] = []
  const tasks = new Tasks({
    sendToAll: () => {},
    runInEngine: () => new Promise(() => {}),
    runners: {
      ...JOB_RUNNERS,
      unpack: async ({ source, target }) => {
        asked.push(source)
        throw new NumPackError('NOT_FOUND', `${source} can't be unpacked to ${target}.`, {
          path: source,
          target,
          names: [target, target],
          action: 'open',
        })
      },
    },
  })
  const long = '\u0001'.repeat(32_000)
  const params = { source: `/first${long}.npkg`, target: `/other${long}.npk`, overwrite: false }
  for (let i = 0; i < 100; i++) tasks.start({ send: () => {} }, { kind: 'unpack', params })
  await vi.waitFor(() => expect(tasks.list().filter(({ state }) => state === 'failed')).toHaveLength(100))
  expect(asked).toEqual(Array.from({ length: 100 }, () => params.source))
  const [job] = tasks.list()
  expect(job?.params.source).toMatch(/^\/first.*….*\.npkg$/s)
  expect(job?.error?.message).toMatch(/^\/first.*….*\.npk\.$/s)
  expect(job?.error?.details).toMatchObject({ action: 'open', path: job?.params.source })
  expect(JSON.stringify(tasks.list()).length).toBeLessThan(100 * 6 * LIMITS.jobTextCharacters)
  await tasks.close()
})

test('a path that fits is listed as it is', async () => {
  const tasks = new Tasks({
    sendToAll: () => {},
    runInEngine: () => new Promise(() => {}),
    runners: { ...JOB_RUNNERS, unpack: () => new Promise(() => {}) },
  })
  const params = { source: `/${'数'.repeat(1300)}.npkg`, target: `/${'t'.repeat(4000)}.npk`, overwrite: false }
  tasks.start({ send: () => {} }, { kind: 'unpack', params })
  expect(tasks.list()[0]?.params).toEqual(params)
})

test('closing does not wait for a job that never ends, and says so', async () => {
  vi.useFakeTimers()
  try {
    const tasks = new Tasks({
      sendToAll: () => {},
      runInEngine: () => new Promise(() => {}),
      runners: { ...JOB_RUNNERS, unpack: () => new Promise(() => {}) },
    })
    tasks.start({ send: () => {} }, HELD)
    const closed = tasks.close()
    await vi.runAllTimersAsync()
    expect(await closed).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
