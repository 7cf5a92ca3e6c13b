import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openRecents } from '../../database/open-recents.ts'
import * as runJob from '../../packages/run-job.ts'
import { NumPackError } from '../../format/errors.ts'
import { removeFolder } from '../../test-support/remove-folder.ts'
import { DEFAULT_SETTINGS } from '../contract/default-settings.ts'
import type { ExplorerEvent, Settings } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import type { HostEvent } from './host-events.ts'
import { JOB_RUNNERS } from './job-runners.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

const SAMPLE = join(import.meta.dirname, '../../..', 'assets', 'sample.npk')

vi.mock(import('../../packages/run-job.ts'), { spy: true })

let folder: string
let file: string
const hosts: ExplorerHost[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'host-settings-')))
  file = join(folder, 'data', 'settings.json')
})

afterEach(async () => {
  await Promise.all(hosts.splice(0).map(host => host.close()))
  removeFolder(folder)
})

function start(options: Parameters<typeof startTestHost>[1] = {}): ExplorerHost {
  const host = startTestHost(join(folder, 'data'), options)
  hosts.push(host)
  return host
}

const settingsWith =
  (change: Partial<Settings>) =>
  (event: ExplorerEvent): Settings | undefined =>
    event.type === 'settingsChanged' &&
    Object.entries(change).every(([key, value]) => event.settings[key as keyof Settings] === value)
      ? event.settings
      : undefined

test('a window learns the settings and where they are kept', async () => {
  const window = new TestWindow(start())
  expect(await window.get('getSettings', {})).toEqual({ settings: DEFAULT_SETTINGS, file })
})

test('a setting that one window changes reaches every window, and the next start', async () => {
  const host = start()
  const [one, other] = [new TestWindow(host), new TestWindow(host)]
  const expected = { ...DEFAULT_SETTINGS, rowDensity: 'compact' }
  expect(await one.get('setSetting', { key: 'rowDensity', value: 'compact' })).toEqual({ settings: expected })
  for (const window of [one, other])
    expect(await window.event(settingsWith({ rowDensity: 'compact' }))).toEqual(expected)
  await host.close()
  expect(await new TestWindow(start()).get('getSettings', {})).toEqual({ settings: expected, file })
})

test.each([
  ['theme', 'purple'],
  ['workerThreads', 0],
  ['cacheBytes', -1],
  ['decimalComma', 1],
  ['__proto__', {}],
  ['unknown', 1],
])('the setting %s can’t be made %j', async (key, value) => {
  const { connection } = new TestWindow(start())
  expect(codeOf(await connection.request({ id: 1, method: 'setSetting', params: { key, value } }))).toBe('ARGUMENT')
  const reply = await connection.request({ id: 2, method: 'getSettings', params: {} })
  expect(reply).toMatchObject({ ok: true, result: { settings: DEFAULT_SETTINGS } })
})

test('the program that runs the host gets the settings from the file before any window asks for them', async () => {
  await new TestWindow(start()).get('setSetting', { key: 'theme', value: 'dark' })
  await hosts.pop()!.close()
  const events: HostEvent[] = []
  const host = start({ onEvent: event => events.push(event) })
  await new TestWindow(host).get('environment', {})
  expect(events).toEqual([{ type: 'settingsChanged', settings: { ...DEFAULT_SETTINGS, theme: 'dark' } }])
})

test('a broken file of settings is a notice that windows get, which names the renamed file', async () => {
  await new TestWindow(start()).get('setSetting', { key: 'theme', value: 'dark' })
  await hosts.pop()!.close()
  writeFileSync(file, '{')
  const { notices } = await new TestWindow(start()).get('environment', {})
  expect(notices).toEqual([expect.stringMatching(/settings\.json held no settings .*settings\.broken-.*\.json/)])
})

test('settings that an earlier version kept in the database are those of the next start', async () => {
  const recents = await openRecents({ folder: join(folder, 'data'), onNotice: () => {} })
  recents.setPreference('theme', 'dark')
  recents.setPreference('restoresStores', false)
  recents.close()
  const window = new TestWindow(start())
  const { settings } = await window.get('getSettings', {})
  expect(settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', restoresStores: false })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ theme: 'dark', restoresStores: false })
  expect(await window.get('getPreferences', {})).toEqual({ values: {} })
})

describe('worker threads', () => {
  test('of a change are those of the next backup', async () => {
    const threads: (number | undefined)[] = []
    const host = start({
      jobRunners: {
        ...JOB_RUNNERS,
        backup: (_params, { compressionThreads, signal }) => {
          threads.push(compressionThreads)
          return new Promise((_, fail) =>
            signal.addEventListener('abort', () => fail(new NumPackError('ABORTED', 'Cancelled.'))),
          )
        },
      },
    })
    const window = new TestWindow(host)
    const backUp = (name: string) =>
      window.get('startTask', {
        kind: 'backup',
        params: { source: SAMPLE, target: join(folder, name), overwrite: false },
      })
    await backUp('a.npkg')
    await window.get('setSetting', { key: 'workerThreads', value: 3 })
    await backUp('b.npkg')
    await window.get('setSetting', { key: 'workerThreads', value: null })
    await backUp('c.npkg')
    expect(threads).toEqual([undefined, 3, undefined])
  })

  test('of a backup reach the thread that packs', async () => {
    const control = { signal: new AbortController().signal, onProgress: () => {}, compressionThreads: 3 }
    await JOB_RUNNERS.backup({ source: SAMPLE, target: join(folder, 'a.npkg'), overwrite: false }, control)
    expect(vi.mocked(runJob.runInThread).mock.lastCall?.[0]).toMatchObject({ kind: 'pack', threads: 3 })
  })
})
