import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { type ClientMessage, encodeBinaryReply } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent } from '../../core/explorer/contract/types.ts'
import { createWebSocketBridge } from './websocket.ts'

let server: WebSocketServer | undefined

afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate()
  server?.close()
})

let heard: ClientMessage[] = []

async function listen(port = 0, key = 'key'): Promise<number> {
  server = new WebSocketServer({ port, host: '127.0.0.1' })
  heard = []
  server.on('connection', socket =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as ClientMessage
      heard.push(message)
      if ('challenge' in message) {
        const proof = createHmac('sha256', key).update(message.challenge).digest('base64')
        return socket.send(JSON.stringify(message.challenge === '' ? { key } : { proof }))
      }
      if ('cancel' in message || message.method === 'pickFolder') return undefined
      const { id, method } = message
      if (method !== 'readWindow') socket.send(JSON.stringify({ reply: { id, ok: true, result: { method } } }))
      else socket.send(encodeBinaryReply({ id, ok: true, result: { method } }, new Uint8Array([1, 2, 3]).buffer))
      return undefined
    }),
  )
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const bridgeTo = (port: number) => createWebSocketBridge(new URL(`ws://127.0.0.1:${port}/socket`))

test('requests wait for the connection; replies come as text and as bytes', async () => {
  const bridge = bridgeTo(await listen())
  const [environment, block] = await Promise.all([
    bridge.request('environment', {}),
    bridge.request('readWindow', {} as never),
  ])
  expect(environment).toEqual({ result: { method: 'environment' } })
  expect([...new Uint8Array(block.bytes)]).toEqual([1, 2, 3])
})

test('events reach every subscriber', async () => {
  const bridge = bridgeTo(await listen())
  await bridge.request('environment', {})
  const heard: ExplorerEvent[] = []
  const stop = bridge.subscribe(event => heard.push(event))
  const event = { type: 'notice', message: 'hello' } as const
  for (const client of server!.clients) client.send(JSON.stringify({ event }))
  await vi.waitFor(() => expect(heard).toEqual([event]))
  stop()
})

test('a lost host rejects its requests, and the bridge finds the host when it comes back', async () => {
  const port = await listen()
  const bridge = bridgeTo(port)
  await bridge.request('environment', {})
  const connections: string[] = []
  bridge.onConnection(connection => connections.push(connection))
  const unanswered = bridge.request('pickFolder', {})
  for (const client of server!.clients) client.terminate()
  server!.close()
  await expect(unanswered).rejects.toMatchObject({ code: 'HOST_GONE' })
  await expect(bridge.request('environment', {})).rejects.toMatchObject({ code: 'HOST_GONE' })
  expect(connections).toEqual(['lost'])
  await listen(port)
  await vi.waitFor(() => expect(connections).toEqual(['lost', 'connected']), { timeout: 20_000 })
  await expect(bridge.request('environment', {})).resolves.toEqual({ result: { method: 'environment' } })
})

test('another program on the port of a host that has ended hears a challenge, and nothing else', async () => {
  const port = await listen()
  const bridge = bridgeTo(port)
  await bridge.request('environment', {})
  const connections: string[] = []
  bridge.onConnection(connection => connections.push(connection))
  const events: ExplorerEvent[] = []
  bridge.subscribe(event => events.push(event))
  for (const client of server!.clients) client.terminate()
  server!.close()
  await vi.waitFor(() => expect(connections).toEqual(['lost']))
  await listen(port, 'another key')
  const gone = new Promise(resolve => {
    server!.on('connection', socket => {
      socket.send(JSON.stringify({ event: { type: 'notice', message: 'hello' } }))
      socket.send(JSON.stringify({ key: 'another key' }))
      socket.on('close', resolve)
    })
  })
  await gone
  await expect(bridge.request('openStore', { path: '/secret' })).rejects.toMatchObject({ code: 'HOST_GONE' })
  expect(heard).toEqual([{ challenge: expect.stringMatching(/^[\w-]{36}$/) }])
  expect(connections).toEqual(['lost'])
  expect(events).toEqual([])
})

test('a host whose connection ends during its proof is asked for a proof again', async () => {
  const port = await listen()
  const bridge = bridgeTo(port)
  await bridge.request('environment', {})
  for (const client of server!.clients) client.terminate()
  server!.close()
  await listen(port)
  const challenges: string[] = []
  const third = new Promise<void>(resolve => {
    server!.on('connection', socket =>
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as { challenge?: string }
        if (message.challenge === undefined) return
        challenges.push(message.challenge)
        if (challenges.length === 2) resolve()
        else socket.terminate()
      }),
    )
  })
  await third
  expect(challenges).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.stringMatching(/^[\w-]{36}$/)])
})

test('a window whose first connection is refused connects later', async () => {
  const port = await listen()
  server!.close()
  const bridge = bridgeTo(port)
  const connections: string[] = []
  bridge.onConnection(connection => connections.push(connection))
  await vi.waitFor(() => expect(connections).toEqual(['lost']))
  await listen(port)
  await vi.waitFor(() => expect(connections).toEqual(['lost', 'connected']), { timeout: 20_000 })
  await expect(bridge.request('environment', {})).resolves.toEqual({ result: { method: 'environment' } })
})
