import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LIMITS } from '../../core/format/limits.ts'

export interface SessionAccess {
  /** Returns a new token; only the newest unused ones are valid. `onUsed` runs when it has opened the session. */
  issueToken(onUsed?: () => void): string
  /** Whether this is an unused token; uses it up. */
  useToken(candidate: string | null): boolean
  /** Host name of the addresses: random, and new for each start. */
  hostName: string
  /** Path of the window in the address, with slashes at both ends: random. */
  base: string
  setCookie: string
  /** Whether the Host header has the name of this start. Its port may be that of a tunnel. */
  isOwnHost(request: IncomingMessage): boolean
  /** Whether the Origin header equals the requested address, port included. */
  isOwnOrigin(request: IncomingMessage): boolean
  hasSession(request: IncomingMessage): boolean
}

const secret = (): string => randomBytes(32).toString('base64url')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time, whatever the lengths. */
const sameSecret = (candidate: string, secret: string): boolean => timingSafeEqual(digest(candidate), digest(secret))

function cookie(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value ?? ''
  }
  return ''
}

/**
 * Creates the secrets of one server. A token in an address is exchanged once for an HttpOnly cookie: an address found
 * in a history or a log is useless. Browsers send a cookie to every port of its host, so it is bound to a random path,
 * which alone gives no data. The host name is random too: in the origin `http://127.0.0.1:PORT` another user may have
 * left a service worker. Browsers resolve names below `localhost` to loopback.
 */
export function createAccess(): SessionAccess {
  const tokens = new Map<string, () => void>()
  const session = secret()
  const base = `/${randomBytes(16).toString('base64url')}/`
  // Host names are case-insensitive.
  const hostName = `${randomBytes(16).toString('hex')}.localhost`
  const name = 'session'
  const isOwnHost = ({ headers }: IncomingMessage): boolean =>
    sameSecret((headers.host ?? '').replace(/:\d{1,5}$/, ''), hostName)
  return {
    issueToken: (onUsed = () => {}) => {
      const token = secret()
      tokens.set(token, onUsed)
      for (const oldest of tokens.keys()) if (tokens.size > LIMITS.addresses) tokens.delete(oldest)
      return token
    },
    useToken: candidate => {
      if (candidate === null) return false
      const found = [...tokens].filter(([token]) => sameSecret(candidate, token))
      for (const [token, onUsed] of found) {
        tokens.delete(token)
        onUsed()
      }
      return found.length > 0
    },
    hostName,
    base,
    setCookie: `${name}=${session}; Path=${base}; HttpOnly; SameSite=Strict`,
    isOwnHost,
    isOwnOrigin: request => request.headers.origin === `http://${request.headers.host}` && isOwnHost(request),
    hasSession: request => sameSecret(cookie(request, name), session),
  }
}
