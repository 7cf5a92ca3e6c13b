import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '../contract/default-settings.ts'
import type { ExplorerHost } from './host.ts'
import type { HostEvent } from './host-events.ts'
import type { Connection, HostOptions } from './host-options.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

let folder: string
let host: ExplorerHost
let workers: Worker[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-'))
  workers = []
  host = start()
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

const start = (options: Partial<HostOptions> = {}): ExplorerHost =>
  startTestHost(join(folder, 'data'), { onWorker: worker => workers.push(worker), ...options })

const SAMPLE = join(import.meta.dirname, '../../..', 'assets', 'sample.npk')

const newWindow = (): TestWindow => new TestWindow(host)

const NO_TICKET = { ticket: null }

describe('a request that is wrong is answered with ARGUMENT', () => {
  test.each([
    ['no object', 'openStore'],
    ['null', null],
    ['nothing', undefined],
    ['no id', { method: 'listRecents', params: {} }],
    ['a fractional id', { id: 0.5, method: 'listRecents', params: {} }],
    ['no method', { id: 1, params: {} }],
    ['an unknown method', { id: 1, method: 'format', params: {} }],
    ["a method of every object's", { id: 1, method: 'toString', params: {} }],
    ['anything beside id, method and params', { id: 1, method: 'listRecents', params: {}, more: [] }],
    ['no params', { id: 1, method: 'openStore' }],
    ['a path that is no text', { id: 1, method: 'openStore', params: { path: 5 } }],
    ['a range that runs backwards', readWindow({ rows: [5, 2] })],
    ['a negative column', readWindow({ columns: [-1, 2] })],
    ['an unknown row set', readWindow({ rowSet: 'all of it' })],
    ['a value that nests deeper than any stack', setPreference(nested(100_000))],
    ['a value that holds itself', setPreference(cyclic())],
    ['a value with more ways through it than time allows', setPreference(shared(60))],
    ['a value that says it is as long as can be', setPreference(longest())],
    ['a path that nests', { id: 1, method: 'openStore', params: { path: nested(5000) } }],
    ['params that nest', { id: 1, method: 'listRecents', params: nested(5000) }],
    [
      'params of more characters than a message has',
      { id: 1, method: 'listRecents', params: { more: 'x'.repeat(2 ** 18 + 1) } },
    ],
    [
      'a line that is given again and again',
      {
        id: 1,
        method: 'startTask',
        params: {
          kind: 'lines',
          params: {
            store: 1,
            array: 'a',
            generation: 1,
            rowSet: 'all',
            along: 'columns',
            index: [],
            lines: [3, 3],
            range: [0, 8],
            bucket: 1,
            part: 'real',
          },
        },
      },
    ],
    ['a value with an infinity in it', setPreference([[1], { a: [Infinity] }])],
    ['a value that is an instance of something', setPreference(new Date())],
    ['a value that is no JSON', { id: 1, method: 'setPreference', params: { key: 'a', value: 1n } }],
  ])('%s', async (_, request) => {
    const reply = await newWindow().connection.request(request)
    expect(codeOf(reply)).toBe('ARGUMENT')
    expect(reply.id).toBe((request as { id?: unknown } | null | undefined)?.id === 1 ? 1 : -1)
  })

  test('the sentence names the field', async () => {
    const reply = await newWindow().connection.request(readWindow({ columns: [0, 'x'] }))
    expect(!reply.ok && reply.error.message).toMatch(/readWindow: columns\.1/)
  })

  test('a request that throws when it is looked at', async () => {
    const request = Object.defineProperty({}, 'id', {
      get: () => {
        throw new Error('no')
      },
    })
    expect(codeOf(await newWindow().connection.request(request))).toBe('ARGUMENT')
  })

  test('an id that is in use', async () => {
    const { connection } = newWindow()
    const replies = await Promise.all(
      [0, 1].map(() => connection.request({ id: 7, method: 'listRecents', params: {} })),
    )
    expect(replies.map(codeOf)).toEqual([undefined, 'ARGUMENT'])
  })

  test('more open requests than a window can have', async () => {
    const { connection } = newWindow()
    const replies = await Promise.all(
      Array.from({ length: 1001 }, (_, id) => connection.request({ id, method: 'getPreferences', params: {} })),
    )
    expect(codeOf(replies[1000]!)).toBe('ARGUMENT')
    expect(replies.slice(0, 1000).map(codeOf)).toEqual(Array(1000).fill(undefined))
  })
})

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

function longest(): unknown[] {
  const value: unknown[] = []
  value.length = 2 ** 32 - 1
  return value
}

function cyclic(): unknown {
  const value: unknown[] = []
  value.push(value)
  return value
}

function shared(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value, value]
  return value
}

function setPreference(value: unknown): unknown {
  return { id: 1, method: 'setPreference', params: { key: 'a', value } }
}

function readWindow(params: Record<string, unknown>): unknown {
  const right = { store: 0, array: 'a', rowSet: 'active', rows: [0, 1], columns: [0, 1], index: [] }
  return { id: 1, method: 'readWindow', params: { ...right, ...params } }
}

describe('cancelling', () => {
  test('a request that waits is answered with ABORTED and never done', async () => {
    const window = newWindow()
    const first = window.ask('listFolder', { path: folder })
    const second = window.ask('setPreference', { key: 'theme', value: 'dark' })
    window.connection.cancel(window.lastId)
    expect(codeOf(await second)).toBe('ABORTED')
    expect(codeOf(await first)).toBeUndefined()
    expect(await window.get('getPreferences', {})).toEqual({ values: {} })
  })

  test('a request that is being done is answered with ABORTED too; the next one gets its own answer', async () => {
    const window = newWindow()
    const first = window.ask('listFolder', { path: folder })
    window.connection.cancel(window.lastId)
    expect(codeOf(await first)).toBe('ABORTED')
    expect(await window.get('listRecents', {})).toEqual({ recents: [] })
  })

  test('what is not open (any more) is not minded', async () => {
    const window = newWindow()
    await window.get('listRecents', {})
    window.connection.cancel(window.lastId)
    window.connection.cancel(123_456)
    expect(await window.get('listRecents', {})).toEqual({ recents: [] })
  })
})

describe('several windows', () => {
  test('take turns: one that asks for a lot does not hold up another one', async () => {
    const [greedy, modest] = [newWindow(), newWindow()]
    const order: string[] = []
    const many = Array.from({ length: 50 }, () => greedy.ask('listRecents', {}).then(() => order.push('greedy')))
    const one = modest.ask('listRecents', {}).then(() => order.push('modest'))
    await Promise.all([...many, one])
    expect(order.indexOf('modest')).toBeLessThanOrEqual(2)
  })

  test('one that is held waits, and can be cancelled, while the others go on', async () => {
    const [held, other] = [newWindow(), newWindow()]
    held.connection.hold(true)
    const first = held.ask('setPreference', { key: 'a', value: 1 })
    const second = held.ask('setPreference', { key: 'b', value: 2 })
    held.connection.cancel(held.lastId)
    expect(codeOf(await second)).toBe('ABORTED')
    expect(await other.get('getPreferences', {})).toEqual({ values: {} })
    held.connection.hold(false)
    expect(codeOf(await first)).toBeUndefined()
    expect(await other.get('getPreferences', {})).toEqual({ values: { a: 1 } })
  })

  test('use the same numbers without getting in each other’s way', async () => {
    const replies = await Promise.all(
      [newWindow(), newWindow()].map(({ connection }, n) =>
        connection.request({ id: 1, method: 'setPreference', params: { key: String(n), value: n } }),
      ),
    )
    expect(replies.map(codeOf)).toEqual([undefined, undefined])
    expect(await newWindow().get('getPreferences', {})).toEqual({ values: { 0: 0, 1: 1 } })
  })

  test('stores whose reply never reaches a window are closed, however many, also while it is held', async () => {
    const [window, other] = [newWindow(), newWindow()]
    const names = ['a.npk', 'b.npk', 'c.npk']
    for (const name of names) cpSync(SAMPLE, join(folder, name), { recursive: true })
    const ids: number[] = []
    for (const name of names) ids.push((await window.get('openStore', { path: join(folder, name) })).store.id)
    const shared = await other.get('openStore', { path: join(folder, 'c.npk') })
    window.connection.hold(true)
    for (const id of ids) window.connection.closeStore(id)
    await other.ask('listRecents', {})
    expect(window.connection.openPaths).toEqual([])
    expect(host.openPaths()).toEqual([shared.store.path])
    window.connection.hold(false)
    expect(codeOf(await window.ask('listPackedFiles', { store: ids[0]! }))).toBe('CLOSED')
  })

  test('one that is closed has its requests answered, and gets no more', async () => {
    const window = newWindow()
    const open = [window.ask('listRecents', {}), window.ask('setPreference', { key: 'a', value: 1 })]
    window.connection.close()
    window.connection.close()
    expect((await Promise.all(open)).map(codeOf)).toEqual(['CLOSED', 'CLOSED'])
    expect(codeOf(await window.ask('listRecents', {}))).toBe('CLOSED')
    expect(await newWindow().get('getPreferences', {})).toEqual({ values: {} })
  })
})

describe('the program that runs the host', () => {
  test('is told what windows open, and what changes recent stores and settings', async () => {
    await host.close()
    const events: HostEvent[] = []
    host = start({ onEvent: event => events.push(event) })
    const window = newWindow()
    const { store } = await window.get('openStore', { path: SAMPLE })
    const opened = { type: 'storeOpened', requested: SAMPLE, store: store.id, path: store.path }
    const started = { type: 'settingsChanged', settings: DEFAULT_SETTINGS }
    expect(events.splice(0)).toEqual([started, opened, { type: 'recentsChanged' }])
    const missing = join(folder, 'missing.npk')
    await window.ask('openStore', { path: missing })
    const error = { code: 'NOT_FOUND', message: expect.stringContaining(missing) as string }
    expect(events.splice(0)).toMatchObject([{ type: 'openingFailed', requested: missing, error }])
    await window.get('pinRecent', { path: store.path, pinned: true })
    const { settings } = await window.get('setSetting', { key: 'theme', value: 'dark' })
    expect(settings.theme).toBe('dark')
    expect(events.splice(0)).toEqual([{ type: 'recentsChanged' }, { type: 'settingsChanged', settings }])
  })

  test('is told nothing but the settings at the start of requests that only read, are wrong or are cancelled', async () => {
    await host.close()
    const events: HostEvent[] = []
    host = start({ onEvent: event => events.push(event) })
    const window = newWindow()
    await window.get('listRecents', {})
    await window.connection.request({ id: 1e6, method: 'setPreference', params: { key: 'theme' } })
    const opening = window.ask('openStore', { path: SAMPLE })
    window.connection.cancel(window.lastId)
    expect(codeOf(await opening)).toBe('ABORTED')
    expect(events).toEqual([{ type: 'settingsChanged', settings: DEFAULT_SETTINGS }])
  })

  test('knows which stores a window has open, until it is closed', async () => {
    const [window, other] = [newWindow(), newWindow()]
    const { store } = await window.get('openStore', { path: SAMPLE })
    expect([host.openPaths(), window.connection.openPaths, other.connection.openPaths]).toEqual([
      [store.path],
      [store.path],
      [],
    ])
    await window.get('closeStore', { store: store.id })
    expect([host.openPaths(), window.connection.openPaths]).toEqual([[], []])
  })

  test('hands out the paths to open when a window takes them, and to no question about its environment', async () => {
    await host.close()
    const paths = ['/a.npk', '/b.npkg']
    host = start({ takeStartPaths: () => paths.splice(0) })
    const window = newWindow()
    expect(await window.get('environment', {})).toEqual(await window.get('environment', {}))
    expect(await window.get('takeStartPaths', NO_TICKET)).toMatchObject({ paths: ['/a.npk', '/b.npkg'] })
    expect(await window.get('takeStartPaths', NO_TICKET)).toMatchObject({ paths: [] })
  })

  test('restores the session in a window that starts as the only one', async () => {
    const first = newWindow()
    expect(await first.get('takeStartPaths', NO_TICKET)).toMatchObject({ restores: true })
    expect(await first.get('takeStartPaths', NO_TICKET)).toMatchObject({ restores: true })
    expect(await newWindow().get('takeStartPaths', NO_TICKET)).toMatchObject({ restores: false })
    await host.close()
    host = start()
    const closed = newWindow()
    await closed.get('takeStartPaths', NO_TICKET)
    closed.connection.close()
    expect(await newWindow().get('takeStartPaths', NO_TICKET)).toMatchObject({ restores: true })
  })
})

describe('what only the host can do', () => {
  test('the environment carries the notices of the host and of the recents', async () => {
    await host.close()
    writeFileSync(join(folder, 'file'), '')
    host = start({ dataFolder: join(folder, 'file'), notices: ['The host is very small.'] })
    const { notices, version } = await newWindow().get('environment', {})
    expect(version).toBe('1.2.3')
    expect(notices[0]).toBe('The host is very small.')
    expect(notices.slice(1)).toEqual([
      expect.stringMatching(/^Recent stores .* kept only until the program ends/),
      expect.stringMatching(/^Settings are kept only until the program ends/),
    ])
  })

  test('a folder is picked for the window that asks; a dialog that fails is an error of that request', async () => {
    await host.close()
    let asking: Connection | undefined
    host = start({
      pickFolder: connection => {
        asking = connection
        return Promise.resolve(['/a', '/b'])
      },
      showInFolder: () => Promise.reject(new Error('no file manager')),
    })
    const window = newWindow()
    expect(await window.get('pickFolder', {})).toEqual({ paths: ['/a', '/b'] })
    expect(asking).toBe(window.connection)
    const reply = await window.ask('showInFolder', { path: '/a' })
    expect(!reply.ok && reply.error).toMatchObject({ code: 'IO', message: expect.stringContaining('no file manager') })
  })

  test('without a dialog, asking for one is an error', async () => {
    expect(codeOf(await newWindow().ask('pickFolder', {}))).toBe('ARGUMENT')
    expect(codeOf(await newWindow().ask('showInFolder', { path: '/a' }))).toBe('ARGUMENT')
  })
})

describe('an engine that stops', () => {
  test('fails the request it was at, is started again, and goes on with those that wait', async () => {
    const window = newWindow()
    await window.get('setPreference', { key: 'a', value: 1 })
    await host.close()
    const neverAnswers = new Worker('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true })
    let starts = 0
    host = start({
      createWorker: workerData =>
        starts++ === 0 ? neverAnswers : new Worker(join(import.meta.dirname, '../engine/worker.ts'), { workerData }),
    })
    const other = newWindow()
    const hit = other.ask('listRecents', {})
    const waits = other.ask('getPreferences', {})
    await neverAnswers.terminate()
    const reply = await hit
    expect(!reply.ok && reply.error).toMatchObject({ code: 'IO', message: expect.stringContaining('stopped') })
    expect(await waits).toMatchObject({ ok: true, result: { values: { a: 1 } } })
    expect(starts).toBe(2)
  })

  test('is not missed while nobody asks', async () => {
    const window = newWindow()
    await window.get('listRecents', {})
    await workers[0]?.terminate()
    expect(await window.get('listRecents', {})).toEqual({ recents: [] })
  })

  test('that can never start answers every request with an error', async () => {
    await host.close()
    host = start({ createWorker: () => new Worker(join(folder, 'missing.ts')) })
    const window = newWindow()
    const replies = await Promise.all([window.ask('listRecents', {}), window.ask('getPreferences', {})])
    expect(replies.map(codeOf)).toEqual(['IO', 'IO'])
    const { notices } = await window.get('environment', {})
    expect(notices).toEqual([expect.stringContaining('missing.ts')])
  })
})

test('after closing, every request is answered', async () => {
  const window = newWindow()
  const open = window.ask('listRecents', {})
  await host.close()
  expect(codeOf(await open)).toBe('CLOSED')
  expect(codeOf(await window.ask('listRecents', {}))).toBe('CLOSED')
})

test('a window that is held gets no answer of the host itself until it no longer is', async () => {
  const window = new TestWindow(host)
  window.connection.hold(true)
  let answers = 0
  const asked = Array.from({ length: 50 }, (_, id) =>
    window.connection.request({ id: 1e6 + id, method: 'listJobs', params: {} }).then(() => answers++),
  )
  await new TestWindow(host).get('listRecents', {})
  expect(answers).toBe(0)
  window.connection.hold(false)
  await Promise.all(asked)
  expect(answers).toBe(50)
})
