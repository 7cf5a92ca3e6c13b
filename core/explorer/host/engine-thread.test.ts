import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../format/limits.ts'
import type { Reply } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import type { WorkerStart } from '../engine/messages.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

/** The stand-in opens any path, answers `readWindow` with `{}`, and does to itself what `listFolder`'s path says. */
const STAND_IN = `
  const { parentPort, workerData } = require('node:worker_threads')
  let last = Math.max(0, ...workerData.stores.map(({ id }) => id))
  const say = message => parentPort.postMessage(message)
  const answer = {
    openStore: ({ path }) => say({ kind: 'answer', result: { store: { id: ++last, path }, place: null } }),
    listFolder: ({ path }) => {
      if (path === '/exit') process.exit(1)
      if (path === '/throw') throw new Error('a bug')
      if (path === '/reject') Promise.reject(new Error('a bug'))
      if (path === '/never') return
      for (const all = []; path === '/memory'; ) all.push(new Array(10_000).fill(all.length))
    },
  }
  parentPort.on('message', request => {
    if (request === 'close') workerData.dataFolder.endsWith('.pipe') ? require('node:fs').openSync(workerData.dataFolder) : parentPort.close()
    else if (answer[request.method]) answer[request.method](request.params)
    else say({ kind: 'answer', result: {} })
  })
  say({ kind: 'ready' })
  for (const { id, path } of workerData.stores) {
    say({ kind: 'reopening', store: id, running: true })
    if (path === '/poison') process.exit(1)
    say({ kind: 'reopening', store: id, running: false })
  }`

const standIn = (workerData: WorkerStart): Worker =>
  new Worker(STAND_IN, { eval: true, workerData, resourceLimits: { maxOldGenerationSizeMb: 32 } })

let folder: string
let host: ExplorerHost
let starts: number

function start(createWorker = standIn): void {
  starts = 0
  host = startTestHost(join(folder, 'data'), {
    createWorker: workerData => {
      starts++
      return createWorker(workerData)
    },
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
  return async () => {
    await host.close()
    removeFolder(folder)
  }
})

const newWindow = (): TestWindow => new TestWindow(host)

let lastId = 0

const ask = (window: TestWindow, method: string, params: unknown): Promise<Reply> =>
  window.connection.request({ id: ++lastId + 1e6, method, params })

async function open(window: TestWindow, path: string): Promise<number> {
  const reply = await ask(window, 'openStore', { path })
  return (reply as { result: { store: { id: number } } }).result.store.id
}

const read = (window: TestWindow, store: number): Promise<Reply> =>
  ask(window, 'readWindow', { store, array: 'a', rowSet: 'active', rows: [0, 1], columns: [0, 1], index: [] })

const nextNotice = (window: TestWindow): Promise<string> =>
  window.event(event => (event.type === 'notice' ? event.message : undefined))

describe('an engine that fails takes only the request that it was at with it', () => {
  test.each(['exit', 'throw', 'reject', 'memory'])('when it comes to %s', async end => {
    start()
    const [one, other] = [newWindow(), newWindow()]
    const store = await open(other, '/a.npk')
    const hit = ask(one, 'listFolder', { path: `/${end}` })
    const waiting = [ask(one, 'listRecents', {}), read(other, store), ask(other, 'getPreferences', {})]
    expect(codeOf(await hit)).toBe('IO')
    expect((await Promise.all(waiting)).map(codeOf)).toEqual([undefined, undefined, undefined])
    expect(await read(other, store)).toMatchObject({ ok: true })
    expect(starts).toBe(2)
  })

  test.each([
    ['exit', /^The engine stopped: its thread ended with status 1/],
    ['throw', /^The engine stopped: a bug/],
    ['memory', /^The engine stopped: .*memory/],
  ])('and windows are told why when it comes to %s', async (end, reason) => {
    start()
    const [one, other] = [newWindow(), newWindow()]
    await ask(one, 'listFolder', { path: `/${end}` })
    expect(await nextNotice(one)).toMatch(reason)
    expect(await nextNotice(other)).toMatch(reason)
  })
})

describe('a thread that can’t be started', () => {
  test('costs the requests that need it, and is tried again for the next one', async () => {
    let fails = true
    start(workerData => {
      if (fails) throw new Error('EAGAIN: no more threads')
      return standIn(workerData)
    })
    const window = newWindow()
    const replies = await Promise.all([ask(window, 'listRecents', {}), ask(window, 'getPreferences', {})])
    expect(replies.map(codeOf)).toEqual(['IO', 'IO'])
    expect(await window.get('environment', {})).toMatchObject({ notices: [expect.stringContaining('EAGAIN')] })
    expect(await window.get('listJobs', {})).toEqual({ jobs: [] })
    fails = false
    expect(codeOf(await ask(window, 'listRecents', {}))).toBeUndefined()
  })
})

describe('a store at which engines stop', () => {
  test('is closed after the second one, which is said; the others stay open', async () => {
    start()
    const window = newWindow()
    const good = await open(window, '/a.npk')
    const bad = await open(window, '/poison')
    expect(codeOf(await ask(window, 'listFolder', { path: '/exit' }))).toBe('IO')
    const notice = await window.event(event =>
      event.type === 'notice' && event.message.includes('/poison') ? event.message : undefined,
    )
    expect(notice).toContain('is closed')
    expect(codeOf(await read(window, bad))).toBe('CLOSED')
    expect(codeOf(await read(window, good))).toBeUndefined()
    expect(starts).toBe(4)
  })
})

describe('a window', () => {
  test('sees only the stores that it has opened, whatever the number', async () => {
    start()
    const [one, other] = [newWindow(), newWindow()]
    const store = await open(one, '/a.npk')
    expect(codeOf(await read(other, store))).toBe('CLOSED')
    expect(codeOf(await ask(other, 'closeStore', { store }))).toBeUndefined()
    expect(codeOf(await read(one, store))).toBeUndefined()
    expect(codeOf(await ask(one, 'closeStore', { store }))).toBeUndefined()
    expect(codeOf(await read(one, store))).toBe('CLOSED')
  })

  test('opens a bounded number of stores; one that is closed makes room', async () => {
    start()
    const window = newWindow()
    for (let i = 0; i < LIMITS.windowStores; i++) await open(window, `/${i}.npk`)
    const refused = await ask(window, 'openStore', { path: '/more.npk' })
    expect(codeOf(refused)).toBe('ARGUMENT')
    await ask(window, 'closeStore', { store: 1 })
    expect(codeOf(await ask(window, 'openStore', { path: '/more.npk' }))).toBeUndefined()
    const other = newWindow()
    expect(codeOf(await ask(other, 'openStore', { path: '/other.npk' }))).toBeUndefined()
  })

  test('and all others together open a bounded number of stores', async () => {
    start()
    for (let n = 0; n < LIMITS.stores / LIMITS.windowStores; n++) {
      const window = newWindow()
      for (let i = 0; i < LIMITS.windowStores; i++) await open(window, `/${n}-${i}.npk`)
    }
    expect(codeOf(await ask(newWindow(), 'openStore', { path: '/more.npk' }))).toBe('ARGUMENT')
  })

  test('and all others together have a bounded number of requests open', async () => {
    start()
    void ask(newWindow(), 'listFolder', { path: '/never' })
    for (let n = 1; n < LIMITS.requests; n += LIMITS.windowRequests) {
      const window = newWindow()
      for (let i = 0; i < LIMITS.windowRequests; i++) void ask(window, 'listRecents', {})
    }
    const late = newWindow()
    expect(codeOf(await ask(late, 'listRecents', {}))).toBe('ARGUMENT')
    expect(codeOf(await ask(late, 'listJobs', {}))).toBe('ARGUMENT')
  })

  test('can’t make the host remember backups that it never made', async () => {
    start()
    const backup = { path: '/etc/passwd', originalSize: 1, packageSize: 1, verified: 1 }
    expect(codeOf(await ask(newWindow(), 'rememberBackup', { source: '/a.npk', backup }))).toBe('ARGUMENT')
  })

  test('lists no folders where the system has a dialog for that', async () => {
    host = startTestHost(join(folder, 'data'), { createWorker: standIn, pickFolder: () => Promise.resolve([]) })
    expect(codeOf(await ask(newWindow(), 'listFolder', { path: '/' }))).toBe('ARGUMENT')
  })
})

test.skipIf(process.platform === 'win32')(
  'a host is closed though its engine waits for a disk for ever, and says so',
  async () => {
    const pipe = join(folder, 'stuck.pipe')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    host = startTestHost(pipe, { createWorker: standIn })
    // Waits until the thread runs.
    await new TestWindow(host).get('environment', {})
    expect(await host.close()).toBe(false)
    // Unblocks the thread.
    closeSync(openSync(pipe, constants.O_RDWR))
  },
)
