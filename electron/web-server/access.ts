import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LIMITS } from '../../core/format/limits.ts'

/** Who may come in: see `createAccess`. */
export interface Access {
  /** A new token for an address. `onUsed` is called when it has opened the session. Of unused tokens the last ones count. */
  issueToken(onUsed?: () => void): string
  /** Whether this is an unused token. It is used then. */
  useToken(candidate: string | null): boolean
  /** The folder of the address that holds the window, with slashes at both ends. Unguessable. */
  base: string
  /** The Set-Cookie header that opens the session. */
  setCookie: string
  /** A loopback Host with the server's port; anything else may be a foreign name rebound to this machine. */
  isOwnHost(request: IncomingMessage): boolean
  /** The Origin is the very page that this server serves. */
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
 * @param port the port the server listens on
 */
export function createAccess(port: number): Access {
  const tokens = new Map<string, () => void>()
  const session = secret()
  const base = `/${randomBytes(16).toString('base64url')}/`
  const name = 'session'
  // Browsers leave the port of http itself out.
  const suffix = port === 80 ? '' : `:${port}`
  const hosts = new Set([`127.0.0.1${suffix}`, `localhost${suffix}`])
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
    base,
    setCookie: `${name}=${session}; Path=${base}; HttpOnly; SameSite=Strict`,
    isOwnHost: ({ headers }) => hosts.has(headers.host ?? ''),
    isOwnOrigin: ({ headers }) => headers.origin === `http://${headers.host}` && hosts.has(headers.host ?? ''),
    hasSession: request => sameSecret(cookie(request, name), session),
  }
}
