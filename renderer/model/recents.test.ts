import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Recent } from '../../core/explorer/contract/types.ts'
import { createApp } from './app.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { forgetRemoved, keepRecent, listedRecents, loadRecents, removeRecent } from './recents.ts'

const recent = (name: string, lastOpened: number, pinned = false): Recent => ({
  path: `/data/${name}`,
  name,
  lastOpened,
  sizeBytes: 1,
  arrayCount: 1,
  place: null,
  pinned,
  kind: 'store',
  missing: false,
})
const RECENTS = [recent('old', 1), recent('pinned', 2, true), recent('new', 3)]

async function start() {
  const host = new FakeHost({
    listRecents: () => ({ result: { recents: RECENTS } }),
    removeRecent: () => ({ result: {} }),
  })
  const app = createApp(host)
  await loadRecents(app)
  return { host, app, names: () => listedRecents(app.recents.getState()).map(({ name }) => name) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('recents list pinned stores first, then the latest', async () => {
  const { names } = await start()
  expect(names()).toEqual(['pinned', 'new', 'old'])
})

test('a removed recent leaves the list at once and the host when the undo time is over', async () => {
  const { app, host, names } = await start()
  removeRecent(app, RECENTS[2]!)
  expect(names()).toEqual(['pinned', 'old'])
  expect(host.paramsOf('removeRecent')).toEqual([])
  await vi.runAllTimersAsync()
  expect(host.paramsOf('removeRecent')).toEqual([{ path: '/data/new' }])
  expect(names()).toEqual(['pinned', 'old'])
  expect(app.notices.getState().list).toEqual([])
})

test('an undone removal never reaches the host', async () => {
  const { app, host, names } = await start()
  removeRecent(app, RECENTS[2]!)
  app.notices.getState().list[0]?.action?.run()
  expect(names()).toEqual(['pinned', 'new', 'old'])
  await vi.runAllTimersAsync()
  expect(host.paramsOf('removeRecent')).toEqual([])
})

test('closing the window stores removals at once', async () => {
  const { app, host } = await start()
  removeRecent(app, RECENTS[0]!)
  forgetRemoved(app)
  expect(host.paramsOf('removeRecent')).toEqual([{ path: '/data/old' }])
})

test('opening a removed store keeps it in the recents', async () => {
  const { app, host, names } = await start()
  removeRecent(app, RECENTS[0]!)
  keepRecent(app, '/data/old')
  await vi.runAllTimersAsync()
  expect(names()).toContain('old')
  expect(host.paramsOf('removeRecent')).toEqual([])
})
