// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Params, StoreInfo } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { type App, createApp } from './app.ts'
import { showIn } from './array-views.ts'
import { showArray, showSlice, showRowSet } from './navigation.ts'
import { connectionChanged } from './events.ts'
import { activate, closeStore, openPaths } from './opening.ts'
import { activeStore, type OpenStore, withStore } from './session.ts'
import { startApp } from './start.ts'
import { fakeSettings } from './test-support/fake-settings.ts'
import { arrayInfo, FakeHost, storeInfo } from './test-support/fake-host.ts'

const CUBE = arrayInfo({ name: 'cube', shape: [50, 2, 3, 4], physicalShape: [50, 2, 3, 4] })
const ids = arrayInfo({ name: 'ids' })

let stores: Record<string, StoreInfo>

/** What the host keeps from one start of the program to the next. */
let kept: Record<string, Params<'setPreference'>['value']>

let restores: boolean

let hostKind: 'electron' | 'browser'

let windowNumber: number

let platform: string

let restoresStores: boolean

/** When set, the host opens /b.npk no sooner. */
let delay: Promise<void> | undefined

beforeEach(() => {
  delay = undefined
  kept = {}
  restores = true
  hostKind = 'browser'
  windowNumber = 1
  platform = 'linux'
  restoresStores = true
  sessionStorage.clear()
  stores = Object.fromEntries(
    ['/a.npk', '/b.npk', '/c.npk'].map((path, i) => [path, storeInfo(i + 1, path, [ids, CUBE])]),
  )
})

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach(stop => stop()))

function start(asked = ['/a.npk'], version = '1'): { app: App; host: FakeHost } {
  const host = new FakeHost({
    environment: () => ({
      result: {
        host: hostKind,
        platform,
        version,
        programs: [],
        homeFolder: '/home',
        sampleStore: '/sample.npk',
        canPickFolder: false,
        canShowInFolder: false,
        notices: [],
      },
    }),
    takeStartPaths: () => ({ result: { paths: [...asked], window: windowNumber, restores } }),
    getPreferences: () => ({ result: { values: { ...kept } } }),
    setPreference: ({ key, value }) => {
      kept[key] = value
      return { result: {} }
    },
    ...fakeSettings({ restoresStores }),
    listRecents: () => ({ result: { recents: [] } }),
    listJobs: () => ({ result: { jobs: [] } }),
    rememberPlace: () => ({ result: {} }),
    closeStore: () => ({ result: {} }),
    locateRow: ({ row }) => ({ result: { position: row, physicalRow: row, logicalRow: row, deleted: false } }),
    openStore: async ({ path }) => {
      if (path === '/b.npk') await delay
      const store = stores[path]
      if (!store) throw new BridgeError('NOT_FOUND', `${path} is not there.`)
      return { result: { store, place: null } }
    },
  })
  const app = createApp(host)
  stops.push(startApp(app))
  return { app, host }
}

async function load(asked?: string[], version?: string): Promise<App> {
  const { app, host } = start(asked, version)
  await vi.waitFor(() => expect(host.paramsOf('listRecents').length).toBeGreaterThan(1))
  await vi.waitFor(() => expect(app.session.getState().isLoaded).toBe(true))
  return app
}

function leave(): void {
  window.dispatchEvent(new Event('pagehide'))
  stops.splice(0).forEach(stop => stop())
}

/** Opens stores beside /a.npk, shows /b.npk, and leaves the window. */
async function leaveWithTabs(...others: string[]): Promise<void> {
  const app = await load()
  await openPaths(app, others)
  activate(app, '/b.npk')
  leave()
}

const paths = (app: App): string[] => app.session.getState().stores.map(({ info }) => info.path)
const active = (app: App): OpenStore | undefined => activeStore(app.session.getState())

const tabs = (app: App) => ({ paths: paths(app), active: active(app)?.info.path })

test('a reload brings back the tabs in their order, also those that were opened in the window', async () => {
  await leaveWithTabs('/b.npk', '/c.npk')
  const reloaded = await load()
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk', '/b.npk', '/c.npk'], active: '/b.npk' })
})

test('a reload brings back the array, slice, row set and view of every store, and what was chosen in the views', async () => {
  const app = await load()
  await openPaths(app, ['/b.npk'])
  activate(app, '/a.npk')
  await showArray(app, '/a.npk', 'cube')
  await showSlice(app, [1, 2])
  await showRowSet(app, 'all')
  showIn(app, 'image')
  app.session.setState(session =>
    withStore(session, '/a.npk', store => ({
      ...store,
      selected: { array: 'cube', range: { rows: [3, 9], columns: [0, 2] } },
      activeArray: { ...store.activeArray!, top: 30, cursor: { row: 32, column: 3 } },
      viewStates: new Map([['image', { map: 'grey' }]]),
    })),
  )
  leave()
  const reloaded = await load()
  expect(active(reloaded)).toEqual({ ...active(app), info: stores['/a.npk'] })
})

test('a tab that was closed stays closed, although the host was started with its path', async () => {
  const app = await load()
  await openPaths(app, ['/b.npk'])
  closeStore(app, '/a.npk')
  leave()
  expect(paths(await load())).toEqual(['/b.npk'])
})

test('the welcome page comes back as the welcome page', async () => {
  const app = await load()
  activate(app, null)
  leave()
  const reloaded = await load()
  expect(paths(reloaded)).toEqual(['/a.npk'])
  expect(reloaded.session.getState().activePath).toBeNull()
})

test('a host that is started anew with another path shows it beside what was open', async () => {
  await load()
  leave()
  const reloaded = await load(['/c.npk'])
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk', '/c.npk'], active: '/c.npk' })
})

test('a store that is gone at the reload is reported, and the others come back', async () => {
  await leaveWithTabs('/b.npk')
  delete stores['/b.npk']
  const reloaded = await load()
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk'], active: '/a.npk' })
  expect(reloaded.notices.getState().list).toMatchObject([{ kind: 'error', message: '/b.npk is not there.' }])
})

test('an array that is gone, or has other rows, at the reload is shown as far as it goes', async () => {
  const app = await load()
  await showArray(app, '/a.npk', 'cube')
  app.session.setState(session =>
    withStore(session, '/a.npk', store => ({
      ...store,
      activeArray: { ...store.activeArray!, top: 45, cursor: { row: 49, column: 3 } },
      locations: new Map([
        [
          'cube',
          {
            top: { row: 45, numbering: 'logical' },
            cursor: { row: 49, numbering: 'logical' },
            column: 3,
            index: [1, 2],
          },
        ],
      ]),
    })),
  )
  leave()
  stores['/a.npk'] = storeInfo(1, '/a.npk', [ids, { ...CUBE, shape: [10, 2, 3, 4], physicalShape: [10, 2, 3, 4] }])
  expect(active(await load())?.activeArray).toMatchObject({ array: 'cube', top: 9, cursor: { row: 9, column: 3 } })
  leave()
  stores['/a.npk'] = storeInfo(1, '/a.npk', [ids])
  expect(active(await load())?.activeArray).toMatchObject({ array: 'ids', top: 0 })
})

test('what another version of the program saved is not read', async () => {
  restores = false
  await load()
  leave()
  expect(paths(await load(['/b.npk'], '2'))).toEqual(['/b.npk'])
})

test('a second reload while the stores are still opening brings back every tab', async () => {
  await leaveWithTabs('/b.npk', '/c.npk')
  delay = new Promise(() => {})
  const { app: interrupted } = start()
  await vi.waitFor(() => expect(paths(interrupted)).toEqual(['/a.npk']))
  leave()
  delay = undefined
  const reloaded = await load()
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk', '/b.npk', '/c.npk'], active: '/b.npk' })
})

test('a tab that the user chooses while the stores are still opening stays the active one', async () => {
  await leaveWithTabs('/b.npk')
  const opening = Promise.withResolvers<void>()
  delay = opening.promise
  const { app: reloaded } = start()
  await vi.waitFor(() => expect(paths(reloaded)).toEqual(['/a.npk']))
  activate(reloaded, '/a.npk')
  opening.resolve()
  await vi.waitFor(() => expect(paths(reloaded)).toEqual(['/a.npk', '/b.npk']))
  await vi.waitFor(() => expect(reloaded.session.getState().isLoaded).toBe(true))
  expect(active(reloaded)?.info.path).toBe('/a.npk')
})

test('nothing stays saved while the window is open, nor when it is left without its host', async () => {
  await load()
  leave()
  expect(sessionStorage).toHaveLength(1)
  const app = await load()
  expect(sessionStorage).toHaveLength(0)
  connectionChanged(app, 'lost')
  leave()
  expect(sessionStorage).toHaveLength(0)
})

test('a saved session of an unknown form is reported, and the start paths open', async () => {
  await load()
  leave()
  sessionStorage.setItem(sessionStorage.key(0)!, JSON.stringify({ version: '1' }))
  const reloaded = await load()
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk'], active: '/a.npk' })
  expect(reloaded.notices.getState().list).toMatchObject([{ kind: 'error' }])
})

/** Ends the program; its windows close without a reload. */
function quit(): void {
  leave()
  sessionStorage.clear()
}

test('the next start opens the stores that were open, in the order of their tabs, and shows the one that was active', async () => {
  await leaveWithTabs('/b.npk', '/c.npk')
  quit()
  expect(tabs(await load([]))).toEqual({ paths: ['/a.npk', '/b.npk', '/c.npk'], active: '/b.npk' })
})

test('the next start shows what it is asked to open, beside what was open', async () => {
  await leaveWithTabs('/b.npk')
  quit()
  expect(tabs(await load(['/c.npk']))).toEqual({ paths: ['/c.npk', '/a.npk', '/b.npk'], active: '/c.npk' })
})

test('the next start opens no store that was closed', async () => {
  const app = await load()
  await openPaths(app, ['/b.npk'])
  closeStore(app, '/a.npk')
  quit()
  expect(paths(await load([]))).toEqual(['/b.npk'])
})

test('the next start opens nothing when the user does not want that', async () => {
  await load()
  restoresStores = false
  quit()
  expect(paths(await load([]))).toEqual([])
})

test('a second window opens nothing from the last session, and forgets nothing of it', async () => {
  await leaveWithTabs('/b.npk')
  quit()
  restores = false
  expect(paths(await load([]))).toEqual([])
  quit()
  restores = true
  expect(paths(await load([]))).toEqual(['/a.npk', '/b.npk'])
})

test('a start after one that did not come to show its stores opens none of them by itself, and offers to', async () => {
  await leaveWithTabs('/b.npk')
  quit()
  delay = new Promise(() => {})
  start([])
  await vi.waitFor(() => expect(kept['isReopening']).toBe(true))
  quit()
  delay = undefined
  const next = await load([])
  expect(paths(next)).toEqual([])
  const [notice] = next.notices.getState().list
  expect(notice).toMatchObject({ action: { label: 'Open all 2' } })
  notice!.action!.run()
  await vi.waitFor(() => expect(paths(next)).toEqual(['/a.npk', '/b.npk']))
})

test('stores on other machines are offered at the next start, not opened', async () => {
  platform = 'win32'
  const share = '//nas/data/d.npk'
  stores[share] = storeInfo(9, share, [ids])
  const app = await load()
  await openPaths(app, [share])
  quit()
  const next = await load([])
  expect(paths(next)).toEqual(['/a.npk'])
  expect(next.notices.getState().list).toMatchObject([{ action: { label: 'Open it' } }])
})

test('as many stores are opened again as their paths have room in the database', async () => {
  const long = Array.from({ length: 20 }, (_, i) => `/${String(i).padStart(2, '0')}${'\u4e2d'.repeat(500)}.npk`)
  for (const [i, path] of long.entries()) stores[path] = storeInfo(10 + i, path, [ids])
  const app = await load(long)
  expect(paths(app)).toEqual(long)
  quit()
  expect(new TextEncoder().encode(JSON.stringify(kept['openStores'])).length).toBeLessThanOrEqual(
    LIMITS.preferenceBytes,
  )
  const again = paths(await load([]))
  expect(again).toEqual(long.slice(0, again.length))
  expect(again.length).toBeGreaterThan(5)
})

test('a store that is gone at the next start is reported once', async () => {
  await leaveWithTabs('/b.npk')
  quit()
  delete stores['/b.npk']
  const next = await load([])
  expect(tabs(next)).toEqual({ paths: ['/a.npk'], active: '/a.npk' })
  expect(next.notices.getState().list).toMatchObject([{ kind: 'error', message: '/b.npk is not there.' }])
  quit()
  expect((await load([])).notices.getState().list).toEqual([])
})

test('each window of the desktop app opens its own stores at the next start, and a new one opens none', async () => {
  hostKind = 'electron'
  windowNumber = 2
  const second = await load(['/b.npk'])
  expect(paths(second)).toEqual(['/b.npk'])
  quit()
  windowNumber = 1
  await load(['/a.npk'])
  quit()
  expect(paths(await load([]))).toEqual(['/a.npk'])
  quit()
  windowNumber = 2
  expect(paths(await load([]))).toEqual(['/b.npk'])
  quit()
  // A new window has the number of one that was closed.
  restores = false
  expect(paths(await load([]))).toEqual([])
  quit()
  restores = true
  expect(paths(await load([]))).toEqual([])
})

test('in the desktop app a page that ends without a word comes back as it was', async () => {
  hostKind = 'electron'
  const app = await load(['/a.npk', '/b.npk'])
  activate(app, '/b.npk')
  await showArray(app, '/b.npk', 'cube')
  await showSlice(app, [1, 2])
  await vi.waitFor(() => expect(sessionStorage.getItem(sessionStorage.key(0)!)).toContain('"index":[1,2]'))
  stops.splice(0).forEach(stop => stop())
  const reloaded = await load([])
  expect(tabs(reloaded)).toEqual({ paths: ['/a.npk', '/b.npk'], active: '/b.npk' })
  expect(active(reloaded)?.activeArray).toEqual(active(app)?.activeArray)
})
