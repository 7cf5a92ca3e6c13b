// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { createApp } from './app.ts'
import { startApp } from './start.ts'
import { fakeSettings } from './test-support/fake-settings.ts'
import { arrayInfo, FakeHost, storeInfo } from './test-support/fake-host.ts'

const ENVIRONMENT = {
  host: 'browser' as const,
  platform: 'linux',
  version: '1.2.3',
  programs: [],
  homeFolder: '/home/ada',
  sampleStore: '/sample.npk',
  canPickFolder: false,
  canShowInFolder: false,
  notices: ['SQLite can’t load.'],
}

test('a window that starts learns about its host, and opens the stores that it should, each once', async () => {
  const paths = ['/a.npk', '/b.npk']
  const host = new FakeHost({
    environment: () => ({ result: ENVIRONMENT }),
    takeStartPaths: () => ({ result: { paths: paths.splice(0), window: 1, restores: true } }),
    getPreferences: () => ({ result: { values: {} } }),
    ...fakeSettings(),
    listRecents: () => ({ result: { recents: [] } }),
    listJobs: () => ({ result: { jobs: [] } }),
    openStore: ({ path }) => ({
      result: { store: storeInfo(path === '/a.npk' ? 1 : 2, path, [arrayInfo({ name: 'x' })]), place: null },
    }),
    locateRow: () => ({ result: { position: 0, physicalRow: 0, logicalRow: 0, deleted: false } }),
    rememberPlace: () => ({ result: {} }),
  })
  const app = createApp(host)
  const stop = startApp(app)
  await vi.waitFor(() =>
    expect(app.session.getState().stores.map(({ info }) => info.path)).toEqual(['/a.npk', '/b.npk']),
  )
  expect(app.session.getState()).toMatchObject({ activePath: '/a.npk', hostNotices: ENVIRONMENT.notices })
  expect(host.paramsOf('openStore')).toEqual([{ path: '/a.npk' }, { path: '/b.npk' }])
  expect(host.paramsOf('takeStartPaths')).toHaveLength(1)
  stop()
})
