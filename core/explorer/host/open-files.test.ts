import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFiles } from '../../test-support/open-files.ts'
import type { ExplorerHost } from './host.ts'
import { startTestHost, TestWindow } from './test-support/test-host.ts'
import { makeLongStore } from './test-support/long-store.ts'

const DELETED = join(import.meta.dirname, '../../fixtures/stores', 'deleted.npk')

let folder: string
let path: string
let host: ExplorerHost
let window: TestWindow
let store: number

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-files-')))
  path = join(folder, 'deleted.npk')
  cpSync(DELETED, path, { recursive: true })
  host = startTestHost(join(folder, 'data'))
  window = new TestWindow(host)
  store = (await window.get('openStore', { path })).store.id
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

const readRow = (array: string): Promise<unknown> =>
  window.get('readWindow', { store, array, rowSet: 'active', rows: [0, 1], columns: [0, 1], index: [] })

const said = (of = window): number[] => of.events.flatMap(event => (event.type === 'openFiles' ? [event.files] : []))

const told = (files: number, since = window.events.length, of = window): Promise<true> =>
  of.event(event =>
    event.type === 'openFiles' && event.files === files && of.events.indexOf(event) >= since ? true : undefined,
  )

describe.runIf(process.platform === 'linux')('a window is told', () => {
  test('how many files are open, and when they are closed again', async () => {
    await told(0, 0)
    const two = told(2)
    await readRow('none')
    await readRow('random')
    await two
    expect(new Set(openFiles(path)).size).toBe(2)
    await told(0)
    expect(openFiles(path)).toEqual([])
  })

  test('of one file where rows and figures are read from the same', async () => {
    const long = join(folder, 'long.npk')
    makeLongStore(long)
    store = (await window.get('openStore', { path: long })).store.id
    await readRow('long')
    const figures = { store, array: 'long', rowSet: 'active', rows: null, columns: null, index: null } as const
    await window.get('startTask', {
      kind: 'statistics',
      params: { ...figures, generation: 0, bins: 8, scale: 'linear' },
    })
    await window.event(event => (event.type === 'taskChanged' && event.task.results > 1 ? true : undefined))
    expect(openFiles(long).length, 'descriptors of the one file').toBeGreaterThan(1)
    await told(1, 0)
    expect(Math.max(...said())).toBe(1)
  })

  test('of none when the store is closed', async () => {
    await readRow('none')
    await told(1, 0)
    const none = told(0)
    await window.get('closeStore', { store })
    await none
    expect(openFiles(path)).toEqual([])
  })

  test('when it was opened later than the others', async () => {
    await told(0, 0)
    const later = new TestWindow(host)
    await later.get('openStore', { path })
    expect(await told(0, 0, later)).toBe(true)
  })
})
