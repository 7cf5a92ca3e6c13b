import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type BrowserServer, type ServerOptions, startServer } from '../web-server/server.ts'
import { createDevWindow } from './dev-window.ts'
import { RENDERER_FOLDER, ROOT } from './folders.ts'

interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

const NO_HOST: ServerOptions['host'] = {
  connect: () => {
    throw new Error('no window connects here')
  },
}

let server: BrowserServer
let folder: string
let elsewhere: string
let host: string
let base: string
let cookie: string

async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  get({ host: '127.0.0.1', port: server.port, path, headers: { Host: host, ...headers } }, response => {
    text(response).then(body => resolve({ status: response.statusCode!, headers: response.headers, body }), reject)
  }).on('error', reject)
  return promise
}

async function hotReloadStatus(path: string, headers: Record<string, string>): Promise<number> {
  const handshake = request({
    host: '127.0.0.1',
    port: server.port,
    path,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': 'vite-hmr',
      Host: host,
      Origin: `http://${host}`,
      ...headers,
    },
  }).end()
  const answered = Promise.race([once(handshake, 'response'), once(handshake, 'upgrade')])
  const [{ statusCode }] = (await answered) as [{ statusCode: number }]
  handshake.destroy()
  return statusCode
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dev-window-'))
  elsewhere = join(folder, 'elsewhere.ts')
  writeFileSync(elsewhere, 'export {}')
  server = await startServer({
    host: NO_HOST,
    rendererFolder: RENDERER_FOLDER,
    port: 0,
    createDevWindow: base => createDevWindow(base, join(folder, 'cache')),
  })
  const { pathname, search, host: name } = new URL(server.newAddress())
  host = name
  const { headers } = await ask(pathname + search)
  base = String(headers['location'])
  cookie = String(headers['set-cookie']).split(';')[0]!
}, 60_000)

afterAll(async () => {
  await server.close()
  removeFolder(folder)
})

test('the development server answers only in the folder of the session, on its own host, to its own page', async () => {
  expect((await ask('/main.tsx', { Cookie: cookie })).status).toBe(401)
  expect((await ask(base, { Host: `example.com:${server.port}` })).status).toBe(403)
  expect((await ask(base, { Origin: 'http://example.com' })).status).toBe(403)
})

test('the development server gives sources to nobody without the session', async () => {
  expect((await ask(`${base}main.tsx`)).status).toBe(401)
  const source = await ask(`${base}main.tsx`, { Cookie: cookie })
  expect([source.status, source.body]).toEqual([200, expect.stringContaining('createRoot')])
})

test('the development server starts no editor', async () => {
  for (const name of ['__open-in-editor', '__OPEN-in-Editor'])
    expect((await ask(`${base}${name}?file=${encodeURIComponent(elsewhere)}`, { Cookie: cookie })).status).toBe(404)
})

test.each(['package.json', 'renderer/../package.json', '.git', 'electron/launcher/main.ts', 'a file elsewhere'])(
  'the development server does not serve %s, which is no source of the window',
  async name => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const file = name === 'a file elsewhere' ? elsewhere : `${ROOT}/${name}`
    const address = file.replaceAll('\\', '/').replace(/^\//, '')
    for (const query of ['', '?raw', '?import&raw', '?url'])
      expect((await ask(`${base}@fs/${address}${query}`, { Cookie: cookie })).status).toBe(403)
  },
)

test('the page of the development server runs the scripts that carry its nonce, and no other inline ones', async () => {
  const { headers, body } = await ask(base)
  const policy = String(headers['content-security-policy'])
  const nonce = /script-src 'self' 'nonce-([\w-]+)';/.exec(policy)?.[1]
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}';`)
  expect(policy).not.toContain('unsafe')
  const scripts = body.match(/<script[^>]*>/g) ?? []
  expect(scripts.length).toBeGreaterThan(1)
  expect(scripts.filter(script => !script.includes(`nonce="${nonce}"`))).toEqual([])
})

test('hot reload connects only its own page with the session and the token of Vite', async () => {
  const { body } = await ask(`${base}@vite/client`, { Cookie: cookie })
  const token = /wsToken = "([^"]+)"/.exec(body)?.[1]
  const path = `${base}?token=${token}`
  expect(await hotReloadStatus(path, { Cookie: cookie })).toBe(101)
  expect(await hotReloadStatus(base, { Cookie: cookie })).toBe(400)
  expect(await hotReloadStatus(path, {})).toBe(401)
  expect(await hotReloadStatus(path, { Cookie: cookie, Origin: 'http://example.com' })).toBe(403)
  expect(await hotReloadStatus('/', { Cookie: cookie })).toBe(404)
})
