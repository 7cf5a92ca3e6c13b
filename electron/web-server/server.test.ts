import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { decodeBinaryReply, type HostMessage } from '../../core/explorer/contract/frames.ts'
import type { Reply, Result } from '../../core/explorer/contract/types.ts'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import { fetchLoopback } from '../../core/test-support/fetch-loopback.ts'
import { ScratchStore } from '../../core/test-support/scratch-store.ts'
import { type BrowserServer, startServer } from './server.ts'

let folder: string
let store: ScratchStore
let host: ExplorerHost
let server: BrowserServer
let base: string
let cookie: string
let hostName: string
let ownHost: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'))
  const renderer = join(folder, 'renderer')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>NumPack Explorer</title>')
  writeFileSync(join(renderer, 'assets', 'main-0a1b2c.js'), 'export {}')
  writeFileSync(join(renderer, '.hidden.json'), '{}')
  writeFileSync(join(renderer, 'notes.txt'), 'not for the window')
  writeFileSync(join(folder, 'secret.json'), '{"secret":true}')
  symlinkSync(join(folder, 'secret.json'), join(renderer, 'link.json'))

  const data = Uint8Array.from({ length: 256 * 2048 }, (_, i) => Math.floor(i / 2048))
  store = new ScratchStore({ name: 'rows', dtype: 'uint8', shape: [256, 2048], data })

  const worker = join(import.meta.dirname, '../../core/explorer/engine/worker.ts')
  host = new ExplorerHost({
    createWorker: workerData => new Worker(worker, { workerData }),
    dataFolder: join(folder, 'data'),
    cacheFolder: join(folder, 'cache'),
    environment: () => {
      throw new Error('not asked for here')
    },
  })
  server = await startServer({ host, rendererFolder: renderer, port: 0 })
  const address = new URL(server.newAddress())
  hostName = address.hostname
  ownHost = address.host
  const { headers } = await get(address.pathname + address.search)
  base = headers.location ?? ''
  cookie = headers['set-cookie']?.[0] ?? ''
})

afterAll(async () => {
  await server.close()
  await host.close()
  store[Symbol.dispose]()
  removeFolder(folder)
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

function get(path: string, changes: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = server
    const headers = { host: ownHost, ...changes }
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject).end()
  })
}

const own = (): string => `http://${ownHost}`

interface SocketOptions {
  path?: string
  headers?: Record<string, string>
}

function openSocket({ path = `${base}socket`, headers = {} }: SocketOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, {
    headers: { host: ownHost, cookie: cookie.split(';')[0] ?? '', origin: own(), ...headers },
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)))
    socket.once('error', reject)
  })
}

function nextMessage<T>(socket: WebSocket, wanted: (data: Buffer, isBinary: boolean) => T | undefined): Promise<T> {
  return new Promise(resolve => {
    const hear = (data: Buffer, isBinary: boolean): void => {
      const found = wanted(data, isBinary)
      if (found === undefined) return
      socket.off('message', hear)
      resolve(found)
    }
    socket.on('message', hear)
  })
}

const nextFrame = (socket: WebSocket): Promise<ArrayBuffer> =>
  nextMessage(socket, (data, isBinary) => (isBinary ? frameOf(data) : undefined))

function nextReply(socket: WebSocket): Promise<Reply> {
  return nextMessage(socket, data => {
    const message = JSON.parse(data.toString()) as HostMessage
    return 'reply' in message ? message.reply : undefined
  })
}

function ask(socket: WebSocket, message: unknown): Promise<Reply> {
  const reply = nextReply(socket)
  socket.send(JSON.stringify(message))
  return reply
}

async function openRows(socket: WebSocket): Promise<{ store: number }> {
  const reply = await ask(socket, { id: 1, method: 'openStore', params: { path: store.path } })
  if (!reply.ok) throw new Error(reply.error.message)
  return { store: (reply.result as Result<'openStore'>).store.id }
}

const frameOf = (data: Buffer): ArrayBuffer => new Uint8Array(data).buffer

const closeCode = (socket: WebSocket): Promise<number> => new Promise(resolve => socket.once('close', resolve))

describe('the window', () => {
  test("the printed address exchanges its token for a cookie that scripts can't read", async () => {
    expect(server.newAddress()).toMatch(/^http:\/\/[\da-f]{32}\.localhost:\d+\/\?token=[\w-]{43}$/)
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(cookie).toContain(`Path=${base};`)
    expect(base).toMatch(/^\/[\w-]{22}\/$/)
    const page = await get(base)
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>NumPack Explorer</title>')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  test('a plain client that follows the printed address gets the page', async () => {
    const { body } = await fetchLoopback(server.newAddress(), { follow: true })
    expect(body).toContain('<title>NumPack Explorer</title>')
  })

  test('browsers cache files named by their content and revalidate the page', async () => {
    const script = await get(`${base}assets/main-0a1b2c.js`)
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['cache-control']).toContain('immutable')
    expect((await get(base)).headers['cache-control']).toBe('no-cache')
  })

  test('HEAD returns the headers alone, and methods other than GET and HEAD are refused', async () => {
    expect(await get(base, {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await get(base, {}, method)).status).toBe(405)
  })

  test('every answer, including refusals, carries the security headers', async () => {
    for (const path of [base, '/', '/nothing', `${base}nothing.js`]) {
      const { headers } = await get(path)
      const policy = String(headers['content-security-policy']).split('; ')
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          `connect-src 'self' ws://${ownHost}`,
          "frame-ancestors 'none'",
          "base-uri 'none'",
        ]),
      )
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'permissions-policy': expect.stringContaining('camera=()') as string,
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })
})

describe('attacks on the page', () => {
  test('a request with a Host header of another name or origin is refused', async () => {
    const { port } = server
    const names = ['evil.example', '127.0.0.1', '[::1]', 'localhost', 'other.localhost', `evil.${hostName}`]
    for (const name of [...names, hostName.replace('.localhost', ''), `${hostName}.`, ''])
      for (const wrong of [name, `${name}:${port}`]) expect((await get(base, { host: wrong })).status, wrong).toBe(403)
    for (const wrong of [`${ownHost}0000`, `${hostName}:`, `${ownHost}/`, `evil@${ownHost}`])
      expect((await get(base, { host: wrong })).status, wrong).toBe(403)
  })

  test('a request from a foreign page is refused', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      `https://${ownHost}`,
      `http://${hostName}:1`,
      'http://127.0.0.1',
    ])
      expect((await get(base, { origin })).status, origin).toBe(403)
    expect((await get(base, { origin: own() })).status).toBe(200)
  })

  test('a request with no token, a wrong one or one that is too long is refused', async () => {
    const { token = '' } = Object.fromEntries(new URL(server.newAddress()).searchParams)
    for (const path of ['/', '/?token=', '/?token=x', `/?token=${token}x`, `/?token=${token.slice(1)}`, '/index.html'])
      expect(await get(path), path).toMatchObject({ status: 401, body: expect.not.stringContaining('<title>') })
  })

  test('path traversal is refused', async () => {
    for (const path of [
      '../secret.json',
      '..%2fsecret.json',
      '%2e%2e/secret.json',
      'assets/../../secret.json',
      '..\\secret.json',
      '..%5csecret.json',
      '/../secret.json',
      `/${join(folder, 'secret.json')}`,
      'link.json',
      '.hidden.json',
      'index.html%00.js',
      '%',
    ])
      expect(await get(base + path), path).toMatchObject({ status: 404, body: expect.not.stringContaining('secret') })
  })

  test("existing files outside the window's bundle are refused", async () => {
    for (const path of ['notes.txt', 'assets', 'assets/']) expect((await get(base + path)).status, path).toBe(404)
  })

  test('bytes that are not HTTP are refused', async () => {
    const answer = await new Promise<string>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('\x00\x01\x02 nonsense\r\n\r\n'))
      let text = ''
      socket.on('data', data => (text += data.toString()))
      socket.on('close', () => resolve(text))
    })
    expect(answer).toContain('400 Bad Request')
    expect((await get(base)).status).toBe(200)
  })
})

describe('attacks on the socket', () => {
  test.each<[string, string, () => SocketOptions]>([
    ['a foreign Origin', 'status 403', () => ({ headers: { origin: 'http://evil.example' } })],
    ['the Origin of another port', 'status 403', () => ({ headers: { origin: `http://${hostName}:1` } })],
    ['the own Origin with another Host', 'status 403', () => ({ headers: { host: `127.0.0.1:${server.port}` } })],
    ['a wrong Host', 'status 403', () => ({ headers: { host: `evil.example:${server.port}` } })],
    ['no session', 'status 401', () => ({ headers: { cookie: '' } })],
    ['a made-up session', 'status 401', () => ({ headers: { cookie: `session=${'A'.repeat(43)}` } })],
    ['another folder', 'status 404', () => ({ path: '/socket' })],
    ['a query', 'status 404', () => ({ path: `${base}socket?a=b` })],
  ])('a socket is refused: %s', async (_, refusal, options) => {
    await expect(openSocket(options())).rejects.toThrow(refusal)
  })

  test('a socket without an Origin header is refused', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${base}socket`, {
      headers: { host: ownHost, cookie: cookie.split(';')[0] ?? '' },
    })
    const status = await new Promise(resolve => {
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode))
      socket.once('error', () => {})
    })
    expect(status).toBe(403)
  })

  test('an oversize message ends the connection', async () => {
    const socket = await openSocket()
    const code = closeCode(socket)
    socket.send('x'.repeat(2 ** 18 + 1))
    expect(await code).toBe(1009)
  })

  test.each([
    ['malformed JSON', '{"id":1,'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['nothing', ''],
  ])('the connection ends after %s', async (_, data) => {
    const socket = await openSocket()
    const code = closeCode(socket)
    socket.send(data)
    expect(await code).toBe(1007)
  })

  test('an unknown method, wrong params and JSON that is not a request are answered with an error', async () => {
    const socket = await openSocket()
    expect(await ask(socket, { id: 1, method: 'shutdown', params: {} })).toMatchObject({
      id: 1,
      ok: false,
      error: { code: 'ARGUMENT' },
    })
    expect(await ask(socket, { id: 2, method: 'openStore', params: {} })).toMatchObject({ id: 2, ok: false })
    expect(await ask(socket, [])).toMatchObject({ id: -1, ok: false })
    expect(await ask(socket, null)).toMatchObject({ id: -1, ok: false })
    expect(await ask(socket, { id: 3, method: 'listRecents', params: {} })).toMatchObject({ id: 3, ok: true })
    socket.close()
  })

  test('more windows than anybody opens are refused', async () => {
    const sockets: WebSocket[] = []
    try {
      await expect(
        (async () => {
          for (let i = 0; i < 65; i++) sockets.push(await openSocket())
        })(),
      ).rejects.toThrow('status 503')
      expect(sockets.length).toBeLessThanOrEqual(64)
    } finally {
      await Promise.all(
        sockets.map(socket => {
          const closed = closeCode(socket)
          socket.close()
          return closed
        }),
      )
    }
  })
})

describe('the port of a tunnel', () => {
  test("a tunnel's own page may open the socket, a page of another port may not", async () => {
    for (const host of [`${hostName}:9000`, hostName]) {
      const page = await get(base, { host })
      expect(page.status).toBe(200)
      expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://${host};`)
      const socket = await openSocket({ headers: { host, origin: `http://${host}` } })
      socket.terminate()
      await expect(openSocket({ headers: { host, origin: own() } })).rejects.toThrow('status 403')
    }
  })
})

describe('a window’s connection', () => {
  let socket: WebSocket
  beforeEach(async () => {
    socket = await openSocket()
    return () => socket.terminate()
  })

  test("a window's connection carries requests and replies", async () => {
    const reply = await ask(socket, { id: 5, method: 'listFolder', params: { path: folder } })
    expect(reply).toMatchObject({ id: 5, ok: true, result: { path: folder } })
  })

  test("a window's connection carries blocks of elements as bytes beside the reply", async () => {
    const { store } = await openRows(socket)
    const answer = nextFrame(socket)
    const params = { store, array: 'rows', rowSet: 'active', rows: [2, 4], columns: [0, 3], index: [] }
    socket.send(JSON.stringify({ id: 9, method: 'readWindow', params }))
    const reply = decodeBinaryReply(await answer)
    expect(reply).toMatchObject({ id: 9, ok: true, result: { dtype: 'uint8', rows: [2, 4], columns: [0, 3] } })
    expect(reply.ok && [...new Uint8Array(reply.bytes ?? new ArrayBuffer(0))]).toEqual([2, 2, 2, 3, 3, 3])
  })

  test('a window that takes no replies does not hold up memory or other windows, and gets all replies in the end', async () => {
    const COUNT = 1000
    const { store } = await openRows(socket)
    const before = process.memoryUsage().arrayBuffers
    const ids: number[] = []
    const all = new Promise<void>(resolve => {
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) ids.push(decodeBinaryReply(frameOf(data)).id)
        if (ids.length === COUNT) resolve()
      })
    })
    socket.pause()
    const params = { store, array: 'rows', rowSet: 'active', rows: [0, 256], columns: [0, 2048], index: [] }
    for (let id = 100; id < 100 + COUNT; id++) socket.send(JSON.stringify({ id, method: 'readWindow', params }))

    const other = await openSocket()
    for (let id = 0; id < 300; id++)
      expect(await ask(other, { id, method: 'getPreferences', params: {} })).toMatchObject({ ok: true })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 2 ** 20)
    other.close()

    socket.resume()
    await all
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, i) => 100 + i))
  })
})

test('a taken port is reported as the error of the system', async () => {
  await expect(startServer({ host, rendererFolder: folder, port: server.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
