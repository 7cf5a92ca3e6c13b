import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { fetchLoopback } from '../../core/test-support/fetch-loopback.ts'
import { type BrowserServer, startServer } from './server.ts'
import { idleConnection } from './test-support/idle-connection.ts'

const limits = vi.hoisted(() => ({ answeredConnections: 64, answerMilliseconds: 10_000 }))

vi.mock('../../core/format/limits.ts', async importOriginal => {
  const { LIMITS } = await importOriginal<{ LIMITS: object }>()
  return { LIMITS: Object.assign(limits, LIMITS) }
})

/** More than the system keeps for a connection. */
const LARGE_BYTES = 32 * 2 ** 20

let folder: string
let server: BrowserServer
let request: string
let clients: Socket[]
/** The connections of the server, oldest first. */
let accepted: Socket[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unread-pages-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'large.js'), new Uint8Array(LARGE_BYTES))
  clients = []
  accepted = []
  const accept = (message: unknown): void => void accepted.push((message as { socket: Socket }).socket)
  server = await startServer({ host: { connect: idleConnection }, rendererFolder: folder, port: 0 })
  const { headers } = await fetchLoopback(server.newAddress())
  request = `GET ${headers.get('location')}assets/large.js HTTP/1.1\r\nHost: ${new URL(server.newAddress()).host}\r\n\r\n`
  subscribe('net.server.socket', accept)
  return async () => {
    unsubscribe('net.server.socket', accept)
    for (const client of clients) client.destroy()
    await server.close()
    removeFolder(folder)
  }
})

/** Asks for the large file and reads the beginning of the answer only. */
async function askAndPause(): Promise<Socket> {
  const client = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => {})
  clients.push(client)
  client.write(request)
  const [head] = (await once(client, 'data')) as [Buffer]
  client.pause()
  expect(head.toString('latin1')).toMatch(/^HTTP\/1.1 200 /)
  return client
}

test('an answer of which nothing is read ends its connection', async () => {
  Object.assign(limits, { answeredConnections: 64, answerMilliseconds: 500 })
  for (let i = 0; i < 3; i++) await askAndPause()
  await vi.waitUntil(() => accepted.every(({ destroyed }) => destroyed), { timeout: 60_000 })
  expect(accepted).toHaveLength(3)
})

test('of many connections that read nothing of their answers the newest are kept', async () => {
  Object.assign(limits, { answeredConnections: 4, answerMilliseconds: 600_000 })
  for (let i = 0; i < 10; i++) await askAndPause()
  await vi.waitUntil(() => accepted.filter(({ destroyed }) => destroyed).length === 6, { timeout: 60_000 })
  expect(accepted.map(({ destroyed }) => destroyed)).toEqual(accepted.map((_, i) => i < 6))
})

test('a large answer that is read arrives whole', async () => {
  Object.assign(limits, { answeredConnections: 4, answerMilliseconds: 600_000 })
  const client = await askAndPause()
  let bytes = 0
  client.on('data', (data: Buffer) => (bytes += data.length))
  client.resume()
  await vi.waitFor(() => expect(bytes).toBeGreaterThan(LARGE_BYTES - 2 ** 17), { timeout: 60_000 })
})
