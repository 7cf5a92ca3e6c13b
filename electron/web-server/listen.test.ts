import { once } from 'node:events'
import { createServer as createHttpServer, get, type IncomingMessage, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Listening, listenOnLoopback } from './listen.ts'

const IPV4 = '127.0.0.1'
const IPV6 = '::1'

let http: HttpServer
let others: Server[]
let listening: Listening | undefined

beforeEach(() => {
  http = createHttpServer((request, response) => response.setHeader('Connection', 'close').end(request.url))
  others = []
  listening = undefined
  return async () => {
    for (const other of others) other.close()
    await listening?.close()
  }
})

async function occupy(host: string, port = 0): Promise<number> {
  const other = createServer(socket => socket.destroy()).listen(port, host)
  await once(other, 'listening')
  others.push(other)
  return (other.address() as AddressInfo).port
}

async function statusFrom(host: string, port: number): Promise<number | undefined> {
  const [response] = (await once(get({ host, port }), 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

describe('the loopback listener', () => {
  beforeEach(async ctx => {
    const isThere = await occupy(IPV6).catch(() => null)
    if (isThere === null) ctx.skip('there is no IPv6 here')
  })

  test('the server listens on both loopback addresses, so that no other user can wait on ::1 for the browser', async () => {
    listening = await listenOnLoopback(http, 0)
    for (const host of [IPV4, IPV6]) expect(await statusFrom(host, listening.port), host).toBe(200)
    await expect(occupy(IPV6, listening.port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test.each([IPV4, IPV6])('the server refuses a port that another program has on %s alone', async host => {
    const port = await occupy(host)
    await expect(listenOnLoopback(http, port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(http.listening).toBe(false)
    const free = host === IPV4 ? IPV6 : IPV4
    expect(await occupy(free, port)).toBe(port)
  })

  test('the server finds a port that is free on both addresses', async () => {
    let taken = 0
    http.once('listening', () => {
      taken = (http.address() as AddressInfo).port
      others.push(createServer().listen(taken, IPV6))
    })
    listening = await listenOnLoopback(http, 0)
    expect(taken).not.toBe(0)
    expect(listening.port).not.toBe(taken)
    for (const host of [IPV4, IPV6]) expect(await statusFrom(host, listening.port), host).toBe(200)
  })

  test('the server leaves both addresses when it closes', async () => {
    const ended = await listenOnLoopback(http, 0)
    await ended.close()
    for (const host of [IPV4, IPV6]) expect(await occupy(host, ended.port)).toBe(ended.port)
  })
})
