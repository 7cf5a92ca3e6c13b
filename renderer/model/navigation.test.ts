import { describe, expect, test, vi } from 'vitest'
import type { ArrangedPlace, StoreInfo } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { goToRow } from './go-to-row.ts'
import { rememberNow } from './locations.ts'
import { showIn } from './array-views.ts'
import { showArray, showRowSet, stepSlice } from './navigation.ts'
import type { CellPosition, GridHandle } from '../grid/index.ts'
import { type App, createApp } from './app.ts'
import { connectionChanged, handleEvent, storeChange } from './events.ts'
import { arrayInfo, FakeHost, storeInfo } from './test-support/fake-host.ts'
import { activate, closeStore, openPaths } from './opening.ts'
import { activeStore } from './session.ts'

const FEATURES = arrayInfo({ name: 'features', shape: [90, 3], physicalShape: [100, 3], deletedRows: 10 })
const CUBE = arrayInfo({ name: 'cube', shape: [5, 2, 3, 4], physicalShape: [5, 2, 3, 4] })
const STORES: Record<string, StoreInfo> = {
  '/a.npk': storeInfo(1, '/a.npk', [FEATURES, CUBE]),
  '/b.npk': storeInfo(2, '/b.npk', [arrayInfo({ name: 'b' })]),
}

const NOT_ARRANGED = { locations: [], viewStates: [] }

function locate(row: number, numbering: 'logical' | 'physical', rowSet: 'active' | 'all' | 'deleted') {
  const physical = numbering === 'physical' ? row : row < 10 ? row : row + 10
  const deleted = physical >= 10 && physical < 20
  const logical = physical < 10 ? physical : deleted ? 10 : physical - 10
  const inDeleted = Math.max(0, Math.min(physical - 10, 9))
  const position = { active: logical, all: physical, deleted: inDeleted }[rowSet]
  return { position, physicalRow: physical, logicalRow: logical, deleted }
}

function start(places: Record<string, ArrangedPlace> = {}) {
  const host = new FakeHost({
    openStore: ({ path }) => {
      const store = STORES[path]
      if (!store) throw new BridgeError('NOT_FOUND', `${path} is not there.`)
      return { result: { store, place: places[path] ?? null } }
    },
    closeStore: () => ({ result: {} }),
    listRecents: () => ({ result: { recents: [] } }),
    locateRow: ({ row, numbering, rowSet }) => ({ result: locate(row, numbering, rowSet) }),
    rememberPlace: () => ({ result: {} }),
    setPreference: () => ({ result: {} }),
  })
  const app = createApp(host)
  return { app, host, activeArray: () => activeStore(app.session.getState())?.activeArray }
}

function attachGrid(app: App): { move: (top: number, cursor: CellPosition) => void; wentTo: number[] } {
  const activeArray = activeStore(app.session.getState())!.activeArray!
  let at = { top: activeArray.top, cursor: activeArray.cursor }
  const wentTo: number[] = []
  const rowSet = () => activeStore(app.session.getState())!.rowSet
  app.attachGrid({
    topRow: () => at.top,
    selection: () => ({ cursor: at.cursor, range: { rows: [0, 1], columns: [0, 1] } }),
    fullView: () => ({ rows: [at.top, at.top + 20], columns: [0, 3] }),
    rowNumbers: (row: number) => {
      const physical = rowSet() === 'deleted' ? row + 10 : row
      return rowSet() === 'active' ? null : { physical, logical: physical >= 10 && physical < 20 ? null : 0 }
    },
    goTo: (row: number) => wentTo.push(row),
  } as Partial<GridHandle> as GridHandle)
  app.gridStatus.setState({ start: { topRow: at.top, cursor: at.cursor } })
  return { move: (top, cursor) => (at = { top, cursor }), wentTo }
}

describe('opening', () => {
  test('a store behind a link offers to follow the links, and opens when the user says so', async () => {
    const { app, host } = start()
    let isAllowed = false
    host.handlers.openStore = () => {
      if (isAllowed) return { result: { store: storeInfo(1, '/linked.npk'), place: null } }
      throw new BridgeError('PATH_ESCAPE', '/linked.npk/metadata.npkm is a symbolic link.')
    }
    host.handlers.followLinks = ({ path, follow }) => {
      isAllowed = path === '/linked.npk' && follow
      return { result: {} }
    }
    await openPaths(app, ['/linked.npk'])
    expect(app.session.getState().stores).toEqual([])
    const [notice] = app.notices.getState().list
    expect(notice?.message).toBe('/linked.npk/metadata.npkm is a symbolic link.')
    notice?.action?.run()
    await vi.waitFor(() => expect(app.session.getState().activePath).toBe('/linked.npk'))
  })

  test('opening reports each bad path in a sentence, opens the good ones and shows the first of them', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/none.npk', '/a.npk', '/gone.npk', '/b.npk'])
    const { stores, activePath, opening } = app.session.getState()
    expect(stores.map(({ info }) => info.path)).toEqual(['/a.npk', '/b.npk'])
    expect([activePath, opening]).toEqual(['/a.npk', []])
    expect(activeArray()?.array).toBe('features')
    expect(app.notices.getState().list.map(({ kind, message }) => [kind, message])).toEqual([
      ['error', '/none.npk is not there.'],
      ['error', '/gone.npk is not there.'],
    ])
  })

  test('opening an open store shows it and does not open it twice', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk', '/b.npk'])
    await openPaths(app, ['/b.npk'])
    expect(app.session.getState().stores).toHaveLength(2)
    expect(app.session.getState().activePath).toBe('/b.npk')
  })

  test('a store that is opened twice at once has one tab', async () => {
    const { app } = start()
    await Promise.all([openPaths(app, ['/b.npk']), openPaths(app, ['/b.npk'])])
    expect(app.session.getState().stores.map(({ info }) => info.path)).toEqual(['/b.npk'])
  })

  test('a recent store opens at its array, row, column and row set', async () => {
    const place: ArrangedPlace = {
      array: 'features',
      row: 50,
      column: 2,
      rowSet: 'all',
      index: [],
      shownAs: null,
      arrangement: NOT_ARRANGED,
    }
    const { app, activeArray } = start({ '/a.npk': place })
    await openPaths(app, ['/a.npk'])
    expect(activeStore(app.session.getState())?.rowSet).toBe('all')
    expect(activeArray()).toMatchObject({ array: 'features', top: 60, cursor: { row: 60, column: 2 } })
  })

  test('opening at a place that no longer exists shows the nearest one', async () => {
    const place = { array: 'cube', row: 500, column: 9, rowSet: 'active' as const, index: [7, 1], shownAs: null }
    const beyond: ArrangedPlace = { ...place, arrangement: NOT_ARRANGED }
    const { app, activeArray } = start({ '/a.npk': beyond, '/b.npk': { ...beyond, array: 'dropped' } })
    await openPaths(app, ['/a.npk'])
    expect(activeArray()).toEqual({ array: 'cube', top: 4, cursor: { row: 4, column: 3 }, index: [1, 1] })
    await openPaths(app, ['/b.npk'])
    expect(activeArray()).toMatchObject({ array: 'b', top: 0 })
  })

  test('opening with hidden deleted rows makes no request between the store and its rows', async () => {
    const place: ArrangedPlace = {
      array: 'features',
      row: 50,
      column: 0,
      rowSet: 'active',
      index: [],
      shownAs: null,
      arrangement: NOT_ARRANGED,
    }
    const { app, host } = start({ '/a.npk': place })
    await openPaths(app, ['/a.npk'])
    expect(host.paramsOf('locateRow')).toEqual([])
  })

  test('closing the store on screen shows its neighbour, then the welcome page', async () => {
    const { app, host } = start()
    await openPaths(app, ['/a.npk', '/b.npk'])
    closeStore(app, '/a.npk')
    expect(app.session.getState().activePath).toBe('/b.npk')
    closeStore(app, '/b.npk')
    expect(app.session.getState()).toMatchObject({ activePath: null, stores: [] })
    expect(host.paramsOf('closeStore')).toEqual([{ store: 1 }, { store: 2 }])
  })
})

describe('moving', () => {
  test('another row set keeps the row', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    await showRowSet(app, 'all')
    expect(activeArray()).toMatchObject({ top: 50, cursor: { row: 55, column: 1 } })
  })

  test('returning from a row set without the row goes back to the row', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    await showRowSet(app, 'deleted')
    expect(activeArray()?.cursor.row).toBe(9)
    attachGrid(app)
    await showRowSet(app, 'active')
    expect(activeArray()).toMatchObject({ top: 40, cursor: { row: 45, column: 1 } })
  })

  test('the last of two quick changes wins', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app)
    await Promise.all([showRowSet(app, 'deleted'), showRowSet(app, 'active')])
    expect(activeStore(app.session.getState())?.rowSet).toBe('active')
  })

  test('each array keeps its own location', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    await showArray(app, '/a.npk', 'cube')
    expect(activeArray()).toMatchObject({ array: 'cube', top: 0, index: [0, 0] })
    app.attachGrid(null)
    await showArray(app, '/a.npk', 'features')
    expect(activeArray()).toMatchObject({ array: 'features', top: 40, cursor: { row: 45, column: 1 } })
  })

  test('slices are stepped through in C order at the same row', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    await showArray(app, '/a.npk', 'cube')
    attachGrid(app).move(2, { row: 3, column: 1 })
    await stepSlice(app, -1)
    expect(activeArray()?.index).toEqual([0, 0])
    for (let i = 0; i < 4; i++) await stepSlice(app, 1)
    expect(activeArray()).toEqual({ array: 'cube', index: [1, 1], top: 2, cursor: { row: 3, column: 1 } })
  })

  test('returning to a tab shows where it was left', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk', '/b.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    activate(app, '/b.npk')
    app.attachGrid(null)
    activate(app, '/a.npk')
    expect(activeArray()).toMatchObject({ top: 40, cursor: { row: 45, column: 1 } })
  })
})

describe('going to a row', () => {
  test('go to row accepts the row number and the number on disk', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    const { wentTo } = attachGrid(app)
    expect(await goToRow(app, '45')).toEqual({ arrived: true, message: null })
    expect(await goToRow(app, '#45')).toEqual({ arrived: true, message: null })
    expect(wentTo).toEqual([45, 35])
  })

  test('go to row says where it went when the row set hides the row', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app)
    expect(await goToRow(app, '#15')).toEqual({
      arrived: true,
      message: 'Row #15 is deleted. Showing the next row that is not deleted.',
    })
  })

  test('go to row names the valid range for a row that does not exist', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    const { wentTo } = attachGrid(app)
    expect(await goToRow(app, '90')).toEqual({ arrived: false, message: 'The rows go from 0 to 89.' })
    expect(wentTo).toEqual([])
  })
})

describe('remembered locations', () => {
  test('the remembered row is the logical one in every row set', async () => {
    const { app, host } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    await rememberNow(app)
    await showRowSet(app, 'all')
    attachGrid(app).move(50, { row: 55, column: 2 })
    await rememberNow(app)
    const remembered = { array: 'features', row: 45, index: [], shownAs: 'grid' }
    expect(host.paramsOf('rememberPlace')).toMatchObject([
      { path: '/a.npk', place: { ...remembered, column: 1, rowSet: 'active' } },
      { path: '/a.npk', place: { ...remembered, column: 2, rowSet: 'all' } },
    ])
  })

  test('a store opens as the user arranged it: with the location in every array, and what was chosen in its views', async () => {
    const { app, host } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    await showArray(app, '/a.npk', 'cube')
    attachGrid(app).move(1, { row: 2, column: 3 })
    activeStore(app.session.getState())!.viewStates.set('plot of features', { columns: [2] })
    await rememberNow(app)

    const [{ place } = { place: undefined }] = host.paramsOf('rememberPlace')
    const next = start({ '/a.npk': place! })
    await openPaths(next.app, ['/a.npk'])
    expect(next.activeArray()).toMatchObject({ array: 'cube', cursor: { row: 2, column: 3 } })
    expect(activeStore(next.app.session.getState())?.viewStates).toEqual(
      new Map([['plot of features', { columns: [2] }]]),
    )
    await showArray(next.app, '/a.npk', 'features')
    expect(next.activeArray()).toMatchObject({ array: 'features', top: 40, cursor: { row: 45, column: 1 } })
  })

  test('a view without a grid keeps the remembered row, and the store opens in that view again', async () => {
    const { app, host } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    showIn(app, 'plot')
    app.attachGrid(null)
    await rememberNow(app)
    const [remembered] = host.paramsOf('rememberPlace')
    expect(remembered?.place).toMatchObject({ array: 'features', row: 45, column: 1, shownAs: 'plot' })

    const next = start({ '/a.npk': remembered!.place })
    await openPaths(next.app, ['/a.npk'])
    expect(activeStore(next.app.session.getState())?.viewId).toBe('plot')
  })

  test('the remembered location is the visible row when the cursor is scrolled away', async () => {
    const { app, host } = start()
    await openPaths(app, ['/a.npk'])
    attachGrid(app).move(60, { row: 5, column: 0 })
    await rememberNow(app)
    expect(host.paramsOf('rememberPlace')[0]?.place.row).toBe(60)
  })
})

const changed = (app: App, store: StoreInfo): void => handleEvent(app, { type: 'storeChanged', store })

describe('events of the host', () => {
  test('a store whose links are followed from now on is not said to have changed on disk', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    const arrays = [{ ...FEATURES, generation: 2 }, CUBE]
    changed(app, { ...storeInfo(1, '/a.npk', arrays), followsLinks: true })
    expect(app.notices.getState().list).toEqual([])
    expect(activeStore(app.session.getState())?.info.followsLinks).toBe(true)
  })

  test('a changed store keeps its place and shows one notice', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    const before = activeArray()
    changed(app, storeInfo(1, '/a.npk', [{ ...FEATURES, shape: [190, 3], generation: 2 }, CUBE]))
    changed(app, storeInfo(1, '/a.npk', [{ ...FEATURES, shape: [290, 3], generation: 3 }, CUBE]))
    expect(activeArray()).toEqual(before)
    expect(activeStore(app.session.getState())?.info.arrays[0]?.shape).toEqual([290, 3])
    expect(app.notices.getState().list.map(({ kind, message }) => [kind, message])).toEqual([
      ['info', 'a.npk changed on disk: features now has 290 rows.'],
    ])
  })

  test('a vanished array is replaced by the first remaining one', async () => {
    const { app, activeArray } = start()
    await openPaths(app, ['/a.npk'])
    changed(app, storeInfo(1, '/a.npk', [CUBE]))
    await expect.poll(() => activeArray()?.array).toBe('cube')
    expect(app.notices.getState().list[0]?.message).toBe('a.npk changed on disk: features is gone.')
  })

  test('a vanished store stays on screen with its problem', async () => {
    const { app } = start()
    await openPaths(app, ['/a.npk'])
    changed(app, { ...STORES['/a.npk']!, problem: '/a.npk is not there.' })
    expect(activeStore(app.session.getState())?.info.problem).toBe('/a.npk is not there.')
    expect(app.notices.getState().list).toEqual([])
  })

  test('stores are opened again and get new ids after the host comes back', async () => {
    const { app, host, activeArray } = start()
    await openPaths(app, ['/a.npk', '/b.npk'])
    attachGrid(app).move(40, { row: 45, column: 1 })
    host.handlers.openStore = ({ path }) => ({ result: { store: { ...STORES[path]!, id: 7 }, place: null } })
    connectionChanged(app, 'lost')
    connectionChanged(app, 'connected')
    await expect.poll(() => app.session.getState().stores.map(({ info }) => info.id)).toEqual([7, 7])
    expect(activeArray()).toMatchObject({ array: 'features', top: 40, cursor: { row: 45, column: 1 } })
  })

  test('a notice of the host is shown and kept', () => {
    const { app } = start()
    handleEvent(app, { type: 'notice', message: 'Recents are off.' })
    handleEvent(app, { type: 'notice', message: 'Recents are off.' })
    expect(app.session.getState().hostNotices).toEqual(['Recents are off.'])
    expect(app.notices.getState().list).toHaveLength(1)
  })
})

test.each([
  [[FEATURES], [{ ...FEATURES, generation: 2 }], 'features has new values'],
  [
    [FEATURES],
    [{ ...FEATURES, generation: 2, damaged: 'its data file is missing' }],
    'features can’t be read any more',
  ],
  [[FEATURES], [{ ...FEATURES, generation: 2, shape: [4, 2, 2] }], 'features is now 4 × 2 × 2'],
  [[], [FEATURES, CUBE], 'features is new, cube is new'],
  [[FEATURES, CUBE, arrayInfo({ name: 'c' })], [], 'features is gone, cube is gone, and 1 more'],
])('change %#: the notice names what changed', (before, after, text) => {
  expect(storeChange(storeInfo(1, '/a.npk', before), storeInfo(1, '/a.npk', after))).toBe(
    `a.npk changed on disk: ${text}.`,
  )
})
