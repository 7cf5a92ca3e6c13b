import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ExplorerHost } from '../../core/explorer/host/host.ts'
import { asNumPackError } from '../../core/format/errors.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { readWindowFile } from '../../core/explorer/host/window-files.ts'
import { securityHeaders } from '../../core/explorer/host/window-headers.ts'
import { type SessionAccess, createAccess } from './access.ts'
import { Connections } from './connections.ts'
import { listenOnLoopback } from './listen.ts'
import { isOnlyRequest, unwatchRequests, watchRequests } from './pipelining.ts'
import { UnansweredRequests } from './unanswered-requests.ts'
import { serveSocket } from './socket.ts'

/** Vite puts a content hash into the names in this folder, so these files never change. */
const HASHED_FOLDER = '/assets/'

const NO_SESSION = 'Open an address that the terminal shows: each lets one browser in, once.'

export interface ServerOptions {
  host: Pick<ExplorerHost, 'connect'>
  rendererFolder: string
  port: number
  /** Serves the window's sources below `base` instead of its bundle; for `npm run dev` only. */
  createDevWindow?: (base: string) => Promise<DevWindow>
}

export interface DevWindow {
  /** Answers a GET or HEAD request. `path` is relative to the base, with a leading slash. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
  /** Takes over a WebSocket handshake that is not for the explorer service. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

export interface BrowserServer {
  newAddress(onUsed?: () => void): string
  port: number
  close(): Promise<void>
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
  })
  response.end(`${message}\n`)
}

function refuseUpgrade(socket: Duplex, status: string): void {
  // The other side may keep its half open forever.
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

const isDevUpgrade = ({ headers, url = '' }: IncomingMessage, { base }: SessionAccess): boolean =>
  headers['sec-websocket-protocol'] === 'vite-hmr' && url.split('?', 1)[0] === base

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: SessionAccess,
  rendererFolder: string,
  connections: Connections,
  devWindow: DevWindow | undefined,
): Promise<void> {
  const beginAnswer = (): void => {
    connections.beginAnswer(request.socket)
    response.once('close', () => connections.endAnswer(request.socket))
  }
  const { method, headers } = request
  const isOwnHost = access.isOwnHost(request)
  response.setHeaders(new Map(Object.entries(securityHeaders(isOwnHost ? [`ws://${headers.host}`] : []))))
  if (!isOwnHost) return refuse(response, 403, 'This server answers only to addresses that the terminal shows.')
  if (headers.origin !== undefined && !access.isOwnOrigin(request))
    return refuse(response, 403, 'Requests of other pages are refused.')
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405, 'Only GET and HEAD.')
  }
  const [rawPath = '', query = ''] = (request.url ?? '').split('?', 2)
  if (rawPath.startsWith(access.base)) {
    beginAnswer()
    const path = rawPath.slice(access.base.length - 1)
    if (devWindow) {
      // After a redirect from another site the browser sends no cookie, so the page itself needs none.
      if (path !== '/' && !access.hasSession(request)) return refuse(response, 401, NO_SESSION)
      return devWindow.answer(request, response, path)
    }
    const file = await readWindowFile(rendererFolder, path)
    if (!file) return refuse(response, 404, 'There is no such file.')
    // Node destroys the connection then.
    response.setTimeout(LIMITS.answerMilliseconds)
    response.writeHead(200, {
      'Content-Type': file.contentType,
      'Content-Length': file.body.length,
      'Cache-Control': path.startsWith(HASHED_FOLDER) ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(method === 'GET' ? file.body : undefined)
    return undefined
  }
  if (method === 'GET' && rawPath === '/' && access.useToken(new URLSearchParams(query).get('token'))) {
    beginAnswer()
    response.writeHead(303, { Location: access.base, 'Set-Cookie': access.setCookie, 'Cache-Control': 'no-store' })
    response.end()
    return undefined
  }
  return refuse(response, 401, NO_SESSION)
}

/** Serves the window and the explorer service on loopback. Rejects with the system's error when the port is taken. */
export async function startServer({
  host,
  rendererFolder,
  port,
  createDevWindow,
}: ServerOptions): Promise<BrowserServer> {
  const connections = new Connections()
  const http = createServer({
    headersTimeout: LIMITS.requestMilliseconds,
    requestTimeout: LIMITS.requestMilliseconds,
    connectionsCheckingInterval: LIMITS.requestMilliseconds / 4,
    // Otherwise Node answers such requests before `isOnlyRequest` sees them.
    requireHostHeader: false,
  })
  const access = createAccess()
  const devWindow = await createDevWindow?.(access.base)
  const requests = new UnansweredRequests()
  const key = randomBytes(32).toString('base64url')
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.messageBytes,
    maxFragments: LIMITS.messageFragments,
    maxBufferedChunks: LIMITS.messageSegments,
    perMessageDeflate: false,
    // Otherwise all messages that arrive together are answered before any other client.
    allowSynchronousEvents: false,
  })

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isOnlyRequest(request, response)) return
    answer(request, response, access, rendererFolder, connections, devWindow).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else refuse(response, 503, `The server can't answer now: ${asNumPackError(error).message}`)
    })
  }
  http.on('connection', socket => {
    connections.add(socket)
    watchRequests(socket)
  })
  http.on('request', onRequest)
  // Node answers an unknown Expect header by itself.
  http.on('checkExpectation', onRequest)
  http.on('upgrade', (request, socket, head) => {
    unwatchRequests(socket)
    if (!isOnlyRequest(request)) return undefined
    socket.on('error', () => socket.destroy())
    // No window closes only its side; one that then reads nothing would stay forever.
    socket.on('end', () => socket.destroy())
    if (!access.isOwnHost(request) || !access.isOwnOrigin(request)) return refuseUpgrade(socket, '403 Forbidden')
    const isService = request.url === `${access.base}socket`
    const isDevWindow = devWindow !== undefined && isDevUpgrade(request, access)
    if (!isService && !isDevWindow) return refuseUpgrade(socket, '404 Not Found')
    if (!access.hasSession(request)) return refuseUpgrade(socket, '401 Unauthorized')
    if (isDevWindow) {
      connections.keepWindow(socket)
      return devWindow.upgrade(request, socket, head)
    }
    if (sockets.clients.size >= LIMITS.windows) return refuseUpgrade(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, client => {
      connections.keepWindow(socket)
      serveSocket(client, host, key, { sockets: sockets.clients, requests })
    })
    return undefined
  })

  const listening = await listenOnLoopback(http, port).catch(async (error: unknown) => {
    await devWindow?.close()
    throw error
  })
  return {
    newAddress: onUsed => `http://${access.hostName}:${listening.port}/?token=${access.issueToken(onUsed)}`,
    port: listening.port,
    close: async () => {
      await devWindow?.close()
      const closed = listening.close()
      connections.destroyAll()
      await closed
    },
  }
}
