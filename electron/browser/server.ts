import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ExplorerHost } from '../../core/explorer/host.ts'
import { readWindowFile } from '../../core/explorer/window-files.ts'
import { securityHeaders } from '../../core/explorer/window-headers.ts'
import { type Access, createAccess } from './access.ts'
import { serveSocket } from './socket.ts'

const LOOPBACK = '127.0.0.1'

/** The largest message of a window: params are small, a path at most 32 Ki characters. */
const MAX_MESSAGE_BYTES = 2 ** 18

const MAX_WINDOWS = 64

/** Vite puts a hash of the content into the names in this folder: such a file never changes. */
const HASHED_FOLDER = '/assets/'

export interface ServerOptions {
  host: ExplorerHost
  /** The window's bundle. */
  rendererFolder: string
  /** 0 for any free one. */
  port: number
}

export interface BrowserServer {
  /** The address to open, with its token. */
  url: string
  port: number
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${message}\n`)
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  rendererFolder: string,
): Promise<void> {
  const { method, headers } = request
  const isOwnHost = access.isOwnHost(request)
  response.setHeaders(new Map(Object.entries(securityHeaders(isOwnHost ? [`ws://${headers.host}`] : []))))
  if (!isOwnHost) return refuse(response, 403, 'This server answers to its loopback address only.')
  if (headers.origin !== undefined && !access.isOwnOrigin(request))
    return refuse(response, 403, 'Requests of other pages are refused.')
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405, 'Only GET and HEAD.')
  }
  const [rawPath = '', query = ''] = (request.url ?? '').split('?', 2)
  if (rawPath.startsWith(access.base)) {
    const path = rawPath.slice(access.base.length - 1)
    const file = await readWindowFile(rendererFolder, path)
    if (!file) return refuse(response, 404, 'There is no such file.')
    response.writeHead(200, {
      'Content-Type': file.contentType,
      'Content-Length': file.body.length,
      'Cache-Control': path.startsWith(HASHED_FOLDER) ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(method === 'GET' ? file.body : undefined)
    return undefined
  }
  if (rawPath === '/' && access.isToken(new URLSearchParams(query).get('token'))) {
    response.writeHead(303, { Location: access.base, 'Set-Cookie': access.setCookie, 'Cache-Control': 'no-store' })
    response.end()
    return undefined
  }
  return refuse(response, 401, 'Open the address that the terminal shows: it carries the token that lets you in.')
}

/** Serves the window and the explorer service on loopback. Rejects with the system's error when the port is taken. */
export async function startServer({ host, rendererFolder, port }: ServerOptions): Promise<BrowserServer> {
  const http = createServer()
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, LOOPBACK, () => {
      http.off('error', reject)
      resolve()
    })
  })
  const address = http.address() as AddressInfo
  const access = createAccess(address.port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })

  http.on('request', (request, response) => void answer(request, response, access, rendererFolder))
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!access.isOwnHost(request) || !access.isOwnOrigin(request)) return refuseUpgrade(socket, '403 Forbidden')
    if (request.url !== `${access.base}socket`) return refuseUpgrade(socket, '404 Not Found')
    if (!access.hasSession(request)) return refuseUpgrade(socket, '401 Unauthorized')
    if (sockets.clients.size >= MAX_WINDOWS) return refuseUpgrade(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, client => serveSocket(client, host))
    return undefined
  })

  return {
    url: `http://${LOOPBACK}:${address.port}/?token=${access.token}`,
    port: address.port,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}
