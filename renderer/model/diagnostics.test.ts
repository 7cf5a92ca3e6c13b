// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { createApp } from './app.ts'
import { browserVersion, diagnosticsText, programVersions } from './diagnostics.ts'
import { arrayInfo, FakeHost, storeInfo } from './test-support/fake-host.ts'

const ENVIRONMENT = {
  host: 'electron' as const,
  platform: 'linux',
  version: '1.2.3',
  programs: [{ name: 'Electron', version: '45.4.1' }],
  homeFolder: '/home/ada',
  sampleStore: '/opt/sample.npk',
  canPickFolder: true,
  canShowInFolder: true,
  notices: ['/home/ada/secret.npk is damaged.'],
}

test('diagnostics have the versions, and no path, no name of a store or array and no user', () => {
  const app = createApp(new FakeHost())
  const info = storeInfo(1, '/home/ada/secret.npk', [arrayInfo({ name: 'salaries' })])
  const store = { info, rowSet: 'active', viewId: 'grid', selected: null, activeArray: null } as const
  app.session.setState({
    environment: ENVIRONMENT,
    activePath: '/home/ada/secret.npk',
    stores: [{ ...store, locations: new Map(), viewStates: new Map() }],
  })
  const text = diagnosticsText(app.session.getState())
  expect(text).toContain('NumPack Explorer: 1.2.3\n')
  expect(text).toContain('Electron: 45.4.1\n')
  expect(text).toContain('Open stores: 1')
  expect(text).not.toMatch(/\/|ada|secret|salaries|damaged/)
})

const namesIn = (host: 'electron' | 'browser'): string[] =>
  programVersions({ environment: { ...ENVIRONMENT, host } }).map(({ name }) => name)

test('only in a browser does the browser belong to the versions', () => {
  expect(namesIn('browser')).toEqual([...namesIn('electron'), 'Browser'])
})

test('the brand that Chromium makes up is left out of the browser’s version', () => {
  const brands = [
    { brand: 'Not)A;Brand', version: '8' },
    { brand: 'Chromium', version: '153' },
  ]
  expect(browserVersion(navigator, brands)).toBe('Chromium 153')
  expect(browserVersion({ userAgent: 'Mozilla/5.0 Firefox/160.0' } as Navigator)).toBe('Mozilla/5.0 Firefox/160.0')
})
