import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LIMITS } from '../../core/format/limits.ts'

/** Who may come in: see `createAccess`. */
export interface Access {
  /** A new token for an address. `onUsed` is called when it has opened the session. Of unused tokens the last ones count. */
  issueToken(onUsed?: () => void): string
  /** Whether this is an unused token. It is used then. */
  useToken(candidate: string | null): boolean
  /** The host name of the addresses. Unguessable, and another one for each start. */
  hostName: string
  /** The folder of the address that holds the window, with slashes at both ends. Unguessable. */
  base: string
  /** The Set-Cookie header that opens the session. */
  setCookie: string
  /** The Host has the name of this start; the port in front of a tunnel may be another one than the server's. */
  isOwnHost(request: IncomingMessage): boolean
  /** The Origin is that of the address that was asked, its port included. */
  isOwnOrigin(request: IncomingMessage): boolean
  hasSession(request: IncomingMessage): boolean
}

/** 256 bits that go into addresses and cookies as they are. */
const secret = (): string => randomBytes(32).toString('base64url')

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in a time that says nothing about where the two differ, nor about their lengths. */
const sameSecret = (candidate: string, secret: string): boolean => timingSafeEqual(digest(candidate), digest(secret))

function cookie(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value ?? ''
  }
  return ''
}

/**
 * The secrets of one server and the checks that use them. An address's token is exchanged once for an HttpOnly cookie that
 * scripts can't read: who finds the address later, in a history or a log, can do nothing with it. A browser sends cookies
 * to every port of a host, so the cookie is bound to a random folder: another server on this machine never sees it.
 * Whoever knows the folder alone gets the program's files, but no data.
 *
 * The host name is random as well. `http://127.0.0.1:PORT` belongs to whoever listens there at the moment: another user who
 * did so before can have left a service worker in the browser, which would control the window's page. Nobody has ever had
 * the origin of a new name. Browsers resolve all names below `localhost` to loopback by themselves.
 */
export function createAccess(): Access {
  const tokens = new Map<string, () => void>()
  const session = secret()
  const base = `/${randomBytes(16).toString('base64url')}/`
  // Host names know no capitals.
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
