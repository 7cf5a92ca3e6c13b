import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { HostMessage } from '../../core/explorer/contract/frames.ts'
import { LIMITS } from '../../core/format/limits.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import type { Connection } from '../../core/explorer/host/host-options.ts'
import { Outbox } from './outbox.ts'
import { UnansweredRequests } from './unanswered-requests.ts'
import { serveSocket } from './socket.ts'

const MIB = 2 ** 20

let answer: (request: { id: number }) => Promise<Reply>
let cancel: (id: number) => void
let send: (event: ExplorerEvent) => void
let asked: number
let closedStores: number[]
let requests: UnansweredRequests
let heard: (message: object) => void
let held: boolean
let closed: boolean
let here: WebSocket
let window: WebSocket

const host = {
  connect(onEvent: (event: ExplorerEvent) => void): Connection {
    send = onEvent
    return {
      openPaths: [],
      request: value => {
        asked++
        heard(value as object)
        return answer(value as { id: number })
      },
      cancel: id => cancel(id),
      closeStore: store => void closedStores.push(store),
      hold: value => {
        held = value
      },
      close: () => {
        closed = true
      },
    }
  },
}

beforeEach(async () => {
  asked = 0
  closedStores = []
  requests = new UnansweredRequests()
  heard = () => {}
  held = false
  closed = false
  answer = ({ id }) => Promise.resolve({ id, ok: true, result: {} })
  cancel = () => {}
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  window = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  ;[here] = (await once(server, 'connection')) as [WebSocket]
  serveSocket(here, host, 'key', { sockets: server.clients, requests })
  await once(window, 'open')
  return () => {
    window.terminate()
    here.terminate()
    server.close()
  }
})

const storeChanged = (id: number, sizeBytes: number, filling: string): ExplorerEvent => ({
  type: 'storeChanged',
  store: {
    id,
    path: '/a',
    name: 'a',
    sizeBytes,
    arrays: [],
    warnings: [filling],
    package: null,
    followsLinks: false,
    problem: null,
  },
})

function eventsUntil(isLast: (event: ExplorerEvent) => boolean): Promise<ExplorerEvent[]> {
  const events: ExplorerEvent[] = []
  return new Promise(resolve => {
    window.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as HostMessage
      if (!('event' in message)) return
      events.push(message.event)
      if (isLast(message.event)) resolve(events)
    })
  })
}

describe('windows that read nothing', () => {
  test('the outbox of a window that reads nothing keeps only the last change of each store and sends it in the end', async () => {
    window.pause()
    const filling = 'x'.repeat(100_000)
    for (let n = 1; n <= 3000; n++) for (const id of [1, 2, 3]) send(storeChanged(id, n, filling))
    expect(here.bufferedAmount).toBeLessThan(2 * MIB)
    send({ type: 'openFiles', files: 5 })
    const all = eventsUntil(event => event.type === 'openFiles')
    window.resume()
    const events = await all
    expect(events.length).toBeLessThan(100)
    for (const id of [1, 2, 3]) {
      const sizes = events.flatMap(event =>
        event.type === 'storeChanged' && event.store.id === id ? [event.store.sizeBytes] : [],
      )
      expect(sizes.at(-1)).toBe(3000)
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    }
  })

  test('a window is disconnected when events about too many things wait for it', async () => {
    window.pause()
    const gone = once(here, 'close')
    for (let n = 0; n < 20_000; n++) send({ type: 'notice', message: `${n} ${'x'.repeat(1000)}` })
    await gone
    expect(closed).toBe(true)
  })

  test('a window is disconnected when large events about many things wait for it', async () => {
    window.pause()
    const gone = once(here, 'close')
    for (let id = 0; id < 200; id++) send(storeChanged(id, 1, 'x'.repeat(MIB)))
    await gone
    expect(closed).toBe(true)
  })

  test('events about a store that the window has closed wait for it no longer', async () => {
    window.pause()
    for (let id = 1; id <= 100; id++) {
      send(storeChanged(id, 1, 'x'.repeat(MIB)))
      window.send(JSON.stringify({ id, method: 'closeStore', params: { store: id } }))
      await vi.waitUntil(() => asked === id, { timeout: 20_000 })
      await new Promise(setImmediate)
    }
    send({ type: 'openFiles', files: 5 })
    const all = eventsUntil(event => event.type === 'openFiles')
    window.resume()
    expect((await all).length).toBeLessThan(50)
    expect(closed).toBe(false)
  })

  test('the host reads no more requests of a window once 32 MiB of replies wait for it, and sends them all in the end', async () => {
    const COUNT = 200
    answer = ({ id }) => Promise.resolve({ id, ok: true, result: 'x'.repeat(MIB) })
    const ids: number[] = []
    const all = new Promise<void>(resolve => {
      window.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as HostMessage
        if ('reply' in message) ids.push(message.reply.id)
        if (ids.length === COUNT) resolve()
      })
    })
    window.pause()
    for (let id = 0; id < COUNT; id++) window.send(JSON.stringify({ id, filling: 'x'.repeat(200_000) }))
    await vi.waitUntil(() => here.isPaused && held, { timeout: 20_000 })
    expect(asked).toBeLessThan(60)
    expect(here.bufferedAmount).toBeLessThan(60 * MIB)
    window.resume()
    await all
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, id) => id))
    expect(held).toBe(false)
  })

  test('a window is disconnected when its waiting replies exceed 128 MiB', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    answer = async ({ id }) => {
      await promise
      return { id, ok: true, result: 'x'.repeat(2 * MIB) }
    }
    for (let id = 0; id < 100; id++) window.send(JSON.stringify({ id }))
    await vi.waitUntil(() => asked === 100, { timeout: 20_000 })
    window.pause()
    const gone = once(here, 'close')
    resolve()
    await gone
    expect(closed).toBe(true)
  })
})

test('replies to a window that is gone or too far behind are not even serialized', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let written = 0
  const result = {
    toJSON: () => {
      written++
      return 'x'.repeat(40 * MIB)
    },
  }
  answer = async ({ id }) => {
    await promise
    return { id, ok: true, result }
  }
  for (let id = 0; id < 100; id++) window.send(JSON.stringify({ id }))
  await vi.waitUntil(() => asked === 100, { timeout: 20_000 })
  window.pause()
  const gone = once(here, 'close')
  resolve()
  await gone
  expect(written).toBeLessThan(8)
})

test('the host holds at most 4 MiB of unanswered requests of a window', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  answer = async ({ id }) => {
    await promise
    return { id, ok: true, result: {} }
  }
  for (let id = 0; id < 200; id++) window.send(JSON.stringify({ id, filling: 'x'.repeat(200_000) }))
  await vi.waitUntil(() => here.isPaused, { timeout: 20_000 })
  expect(asked).toBeLessThan(30)
  resolve()
  await vi.waitUntil(() => asked === 200, { timeout: 20_000 })
})

const WIDE = Array.from({ length: 1000 }, () => ({ 99: 0 }))

function answerLater(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  answer = ({ id }) => promise.then(() => ({ id, ok: true, result: {} }))
  return resolve
}

test('requests of few bytes and many values count with the memory that they take', async () => {
  const resolve = answerLater()
  for (let id = 0; id < 200; id++) window.send(JSON.stringify({ id, filling: WIDE }))
  await vi.waitUntil(() => here.isPaused, { timeout: 20_000 })
  expect(asked).toBeLessThan(40)
  resolve()
  await vi.waitUntil(() => asked === 200, { timeout: 20_000 })
})

test('while the requests of all windows take much memory, each window has its share', async () => {
  const resolve = answerLater()
  requests.add(LIMITS.allRequestBytes + 1)
  window.send(JSON.stringify({ id: 0 }))
  await vi.waitUntil(() => asked === 1, { timeout: 20_000 })
  expect(here.isPaused).toBe(false)
  for (let id = 1; id < 50; id++) window.send(JSON.stringify({ id, filling: WIDE }))
  await vi.waitUntil(() => here.isPaused, { timeout: 20_000 })
  const before = asked
  expect(before).toBeLessThan(20)
  requests.add(-LIMITS.allRequestBytes)
  await vi.waitUntil(() => asked > before, { timeout: 20_000 })
  resolve()
  await vi.waitUntil(() => asked === 50, { timeout: 20_000 })
})

test('the requests of a window that is gone count no longer', async () => {
  const resolve = answerLater()
  window.send(JSON.stringify({ id: 1 }))
  await vi.waitUntil(() => asked === 1, { timeout: 20_000 })
  requests.add(LIMITS.allRequestBytes)
  expect(requests.isFull).toBe(true)
  window.terminate()
  await once(here, 'close')
  resolve()
  await vi.waitUntil(() => !requests.isFull, { timeout: 20_000 })
})

test('a message is not kept while its request waits', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const resolve = answerLater()
  let kept = null as WeakRef<object> | null
  heard = message => {
    kept ??= new WeakRef(message)
  }
  for (const id of [1, 2]) window.send(JSON.stringify({ id, filling: WIDE }))
  await vi.waitUntil(() => asked === 2, { timeout: 20_000 })
  const isCollected = (): boolean => {
    collect()
    return kept?.deref() === undefined
  }
  expect(await vi.waitUntil(isCollected, { timeout: 20_000 })).toBe(true)
  resolve()
})

test('a request that fails unexpectedly ends its own connection only', async () => {
  answer = () => Promise.reject(new Error('a bug'))
  const gone = once(window, 'close')
  window.send('{"id":1}')
  await gone
  expect(closed).toBe(true)
})

test("an event that can't be encoded ends its own connection only", async () => {
  const gone = once(window, 'close')
  send({ type: 'openFiles', files: 1n as unknown as number })
  await gone
  expect(closed).toBe(true)
})

test('a message nested deeper than the stack reaches the host, and so do the messages after it', async () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  window.send(`{"id":1,"method":"setPreference","params":{"key":"a","value":${deep}}}`)
  window.send('{"id":2}')
  await vi.waitUntil(() => asked === 2, { timeout: 20_000 })
  expect(here.readyState).toBe(WebSocket.OPEN)
})

test('a cancel message of a window ends its request', async () => {
  const ended = Promise.withResolvers<Reply>()
  answer = () => ended.promise
  cancel = id => ended.resolve({ id, ok: false, error: { code: 'ABORTED', message: 'cancelled', details: {} } })
  const told = once(window, 'message') as Promise<[Buffer]>
  window.send(JSON.stringify({ id: 2, method: 'getPreferences', params: {} }))
  window.send(JSON.stringify({ cancel: 2 }))
  const message = JSON.parse((await told)[0].toString()) as HostMessage
  expect(message).toMatchObject({ reply: { id: 2, ok: false, error: { code: 'ABORTED' } } })
})

test('stores whose lists are too large for replies are closed again, each of them', async () => {
  answer = ({ id }) => Promise.resolve({ id, ok: true, result: { store: { id, filling: 'x'.repeat(65 * MIB) } } })
  for (const id of [1, 2]) window.send(JSON.stringify({ id, method: 'openStore', params: { path: '/a' } }))
  await vi.waitUntil(() => closedStores.length === 2, { timeout: 20_000 })
  expect(closedStores).toEqual([1, 2])
})

test('an event for several windows is encoded once', async () => {
  let written = 0
  const message = { toJSON: () => `${++written}` } as unknown as string
  const event: ExplorerEvent = { type: 'openFiles', files: message as unknown as number }
  const got = eventsUntil(() => true)
  send(event)
  send(event)
  await got
  expect(written).toBe(1)
})

const newSocket = (bufferedAmount: number, readyState: WebSocket['readyState'] = WebSocket.OPEN) => ({
  OPEN: WebSocket.OPEN,
  CLOSED: WebSocket.CLOSED,
  readyState,
  bufferedAmount,
  send: vi.fn<() => void>(),
  terminate: vi.fn<() => void>(),
})

test('the window with the most unsent bytes is disconnected when all together have too many', () => {
  const sockets = [60, 100, 110, 90, 90, 70].map(size => newSocket(size * MIB))
  const [first, ...others] = sockets as unknown as [WebSocket, ...WebSocket[]]
  new Outbox(first, new Set(others), () => {}).sendReply({ id: 1, ok: true, result: {} })
  expect(sockets.map(({ terminate }) => terminate.mock.calls.length)).toEqual([0, 0, 0, 0, 0, 0])
  new Outbox(first, new Set([first, ...others]), () => {}).sendReply({ id: 2, ok: true, result: {} })
  expect(sockets.map(({ terminate }) => terminate.mock.calls.length)).toEqual([0, 0, 1, 0, 0, 0])
  expect(sockets[0]!.send).toHaveBeenCalledTimes(2)
})

test('the unsent bytes of a window that is closing count, and it is disconnected first when it has the most', () => {
  const closing = newSocket(450 * MIB, WebSocket.CLOSING)
  const gone = newSocket(500 * MIB, WebSocket.CLOSED)
  const window = newSocket(100 * MIB)
  const [first, ...others] = [window, closing, gone] as unknown as [WebSocket, ...WebSocket[]]
  new Outbox(first, new Set([first, ...others]), () => {}).sendReply({ id: 1, ok: true, result: {} })
  const calls = [window, closing, gone].map(({ terminate }) => terminate.mock.calls.length)
  expect(calls).toEqual([0, 1, 0])
})
