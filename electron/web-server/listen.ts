import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'

const IPV4 = '127.0.0.1'
const IPV6 = '::1'

/** Errors of a system without IPv6, where no one can listen on ::1. */
const NO_IPV6: ReadonlySet<string | undefined> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

const ATTEMPTS = 16

export interface Listening {
  port: number
  close(): Promise<void>
}

/**
 * Listens on one port of both loopback addresses: browsers try ::1 first, where another user could otherwise listen.
 * Rejects with the system's error when either is taken; port 0 finds one that is free on both.
 */
export async function listenOnLoopback(http: HttpServer, port: number): Promise<Listening> {
  const ipv6 = createServer({ allowHalfOpen: true, noDelay: true }, socket => void http.emit('connection', socket))
  for (let attempt = 1; ; attempt++) {
    const found = await listen(http, IPV4, port)
    try {
      await listen(ipv6, IPV6, found)
      return { port: found, close: async () => void (await Promise.all([close(http), close(ipv6)])) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (NO_IPV6.has(code)) return { port: found, close: () => close(http) }
      const closed = close(http)
      http.closeAllConnections()
      await closed
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

const close = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()))
