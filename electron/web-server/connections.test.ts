import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ExplorerEvent } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { fetchLoopback } from '../../core/test-support/fetch-loopback.ts'
import { type BrowserServer, startServer } from './server.ts'
import { idleConnection } from './test-support/idle-connection.ts'

let folder: string
let server: BrowserServer
let ownHost: string
let clients: Socket[]
let send: (event: ExplorerEvent) => void
let closedWindows: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>NumPack Explorer</title>')
  clients = []
  closedWindows = 0
  const close = (): void => void closedWindows++
  const host = {
    connect: (onEvent: typeof send) => {
      send = onEvent
      return { ...idleConnection(), close }
    },
  }
  server = await startServer({ host, rendererFolder: folder, port: 0 })
  ownHost = new URL(server.newAddress()).host
  return async () => {
    for (const client of clients) client.destroy()
    await server.close()
    removeFolder(folder)
  }
})

async function open(text = ''): Promise<Socket> {
  const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {})
  clients.push(client)
  await once(client, 'connect')
  client.write(text)
  return client
}

const upgrade = (path: string, origin = `http://${ownHost}`, ...more: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: ${ownHost}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Origin: ${origin}`,
    ...more,
    '\r\n',
  ].join('\r\n')

function refusesMore(client: Socket): Promise<void> {
  return new Promise(resolve => {
    client.once('close', () => resolve())
    const more = (): void => {
      if (!client.destroyed) client.write('x', () => setImmediate(more))
    }
    more()
  })
}

async function openSession(): Promise<{ base: string; cookie: string }> {
  const answer = await fetchLoopback(server.newAddress())
  expect(answer.status).toBe(303)
  const base = answer.headers.get('location') ?? ''
  return { base, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}

async function openWindow(): Promise<WebSocket> {
  const { base, cookie } = await openSession()
  const origin = `http://${ownHost}`
  expect((await fetchLoopback(origin + base)).status).toBe(200)
  const headers = { host: ownHost, cookie, origin }
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${base}socket`, { headers })
  await once(socket, 'open')
  return socket
}

const countOpen = (): number => clients.filter(client => !client.readableEnded && !client.destroyed).length

async function countRequests(text: string): Promise<number> {
  let seen = 0
  const see = (): void => void seen++
  subscribe('http.server.request.start', see)
  await refusesMore(await open(text.repeat(500)))
  unsubscribe('http.server.request.start', see)
  return seen
}

test('a message in very many fragments ends its connection', async () => {
  const window = await openWindow()
  for (let fragment = 0; fragment <= LIMITS.messageFragments; fragment++) window.send('1', { fin: false })
  const [code] = (await once(window, 'close')) as [number]
  expect(code).toBe(1008)
})

test('a message that arrives byte by byte ends its connection', async () => {
  const window = await openWindow()
  const { _socket: socket } = window as unknown as { _socket: Socket }
  const closed = once(window, 'close')
  socket.setNoDelay(true)
  // A masked text frame of 65,535 bytes, of which few are sent.
  socket.write(Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]))
  for (let sent = 0; sent < 20_000 && window.readyState === WebSocket.OPEN; sent++) {
    socket.write(Buffer.of(0x20))
    await new Promise(setImmediate)
  }
  const [code] = (await closed) as [number]
  expect(code).toBe(1008)
})

describe('refused upgrades', () => {
  test.each([
    ['of another page', () => upgrade('/socket', 'http://evil.example'), '403'],
    ['of another path', () => upgrade('/socket'), '404'],
  ])(
    'a refused upgrade is closed by both sides even when the client keeps its side open: %s',
    async (_, text, status) => {
      const refused = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const client = await open(text())
          const [answer] = (await once(client, 'data')) as [Buffer]
          await refusesMore(client)
          return answer.toString()
        }),
      )
      expect(refused.every(answer => answer.startsWith(`HTTP/1.1 ${status} `))).toBe(true)
    },
  )
})

describe('refused requests', () => {
  test.each<[string, () => string]>([
    ['401', () => `GET / HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`],
    ['403', () => `GET / HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['403', () => `GET / HTTP/1.1\r\n\r\n`],
    ['403', () => `GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n`],
    ['405', () => `POST / HTTP/1.1\r\nHost: ${ownHost}\r\nContent-Length: 0\r\n\r\n`],
  ])('a refused request ends its connection from both sides: %s', async (status, text) => {
    const client = await open(text())
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toContain(`HTTP/1.1 ${status} `)
    expect(answer.toString()).toContain('\r\nConnection: close\r\n')
    await refusesMore(client)
  })
})

describe('connections that pipeline', () => {
  test.each<[string, () => string]>([
    ['requests of another Host', () => 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['requests without a Host', () => 'GET / HTTP/1.1\r\n\r\n'],
    ['requests without a token', () => `GET / HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`],
    ['requests that expect what is unknown', () => `GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n`],
    ['requests that ask whether to continue', () => `GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n`],
    ['a request and an upgrade', () => `GET / HTTP/1.1\r\nHost: x\r\n\r\n${upgrade('/socket')}`],
  ])(
    'a connection that does not wait for answers is ended, and its further requests are ignored: %s',
    async (_, text) => {
      expect(await countRequests(text())).toBeLessThanOrEqual(2)
    },
  )

  test('a connection that pipelines page requests is ended, and its further requests are ignored', async () => {
    const { headers } = await fetchLoopback(server.newAddress())
    const text = `GET ${headers.get('location')} HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`
    expect(await countRequests(text)).toBeLessThanOrEqual(2)
  })
})

test('a connection that waits for each answer gets all of them', async () => {
  const { headers } = await fetchLoopback(server.newAddress())
  const client = await open()
  for (let i = 0; i < 100; i++) {
    client.write(`GET ${headers.get('location')} HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`)
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /)
  }
})

describe('many connections', () => {
  test('a host with many open connections answers a new browser', async () => {
    for (let i = 0; i < LIMITS.unknownConnections + 100; i++) await open(i % 2 === 0 ? '' : 'GET / HTTP/1.1\r\nHost: x')
    const window = await openWindow()
    expect(window.readyState).toBe(WebSocket.OPEN)
    window.terminate()
  })

  test('a host keeps a bounded number of connections and closes the oldest', async () => {
    const gone: number[] = []
    for (let i = 0; i < LIMITS.unknownConnections + 50; i++) {
      const client = await open()
      client.on('close', () => gone.push(i))
      client.on('end', () => client.destroy())
    }
    const newest = clients.at(-1)!
    newest.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(newest, 'data')
    expect(countOpen()).toBeLessThanOrEqual(LIMITS.unknownConnections)
    expect(gone.toSorted((a, b) => a - b)).toEqual(Array.from({ length: gone.length }, (_, i) => i))
  })

  test('a host keeps a bounded number of window connections', async () => {
    const { headers } = await fetchLoopback(server.newAddress())
    for (let i = 0; i < LIMITS.connections + 50; i++) {
      const client = await open(`GET ${headers.get('location')} HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`)
      await once(client, 'data')
      client.on('end', () => client.destroy())
    }
    await fetchLoopback(`http://${ownHost}/`)
    await vi.waitUntil(() => countOpen() <= LIMITS.connections, { timeout: 20_000 })
    expect(countOpen()).toBeGreaterThan(LIMITS.unknownConnections)
  })

  test('a host answers an earlier request before many later ones that arrive in the same moment', async () => {
    const answer = await fetchLoopback(server.newAddress())
    const base = answer.headers.get('location') ?? ''
    const { port } = server
    for (let round = 0; round < 10; round++) {
      const browser = connect({ port, host: '127.0.0.1' }).on('error', () => {})
      browser.write(`GET ${base} HTTP/1.1\r\nHost: ${ownHost}\r\n\r\n`)
      const others = Array.from({ length: LIMITS.unknownConnections + 100 }, () =>
        connect({ port, host: '127.0.0.1' }).on('error', () => {}),
      )
      clients.push(browser, ...others)
      const said = await Promise.race([
        once(browser, 'data').then(([data]) => String(data)),
        once(browser, 'close').then(() => 'closed'),
      ])
      expect(said).toMatch(/^HTTP\/1.1 200 /)
    }
  })

  test('a host never closes a window to make room', async () => {
    const window = await openWindow()
    for (let i = 0; i < LIMITS.unknownConnections + 50; i++) await open()
    window.ping()
    await once(window, 'pong')
    expect(window.readyState).toBe(WebSocket.OPEN)
    window.terminate()
  })
})

test('a window that ends its side of the connection and reads nothing is closed from both sides', async () => {
  const { base, cookie } = await openSession()
  const client = await open(upgrade(`${base}socket`, `http://${ownHost}`, `Cookie: ${cookie}`))
  const [answer] = (await once(client, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1.1 101 /)
  client.pause()
  // More than the system keeps for a connection.
  send({ type: 'notice', message: 'x'.repeat(32 * 2 ** 20) })
  client.end()
  await vi.waitUntil(() => closedWindows === 1, { timeout: 20_000 })
})

test('a host closes at once whatever is connected', async () => {
  const window = await openWindow()
  window.pause()
  const clients = await Promise.all([
    open(),
    open('GET / HTTP/1.1\r\nHost: x'),
    open(upgrade('/socket', 'http://evil.example')),
    open('nonsense\r\n\r\n'),
    open(`POST / HTTP/1.1\r\nHost: ${ownHost}\r\nContent-Length: 1000000\r\n\r\nx`),
  ])
  await once(clients[2], 'data')
  await server.close()
  await expect(fetchLoopback(`http://${ownHost}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  window.terminate()
})
