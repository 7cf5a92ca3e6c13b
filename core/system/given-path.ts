import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NumPackError } from '../format/errors.ts'
import { homeFolder } from './user-folders.ts'

const QUOTES: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
  ['<', '>'],
]

/** A shell writes a single quote between single quotes as `'\''`. */
function withoutQuotes(text: string): string {
  const pair = QUOTES.find(([open, close]) => text.length > 2 && text.startsWith(open) && text.endsWith(close))
  if (pair === undefined) return text
  const inner = text.slice(1, -1)
  return pair[0] === "'" ? inner.replaceAll(String.raw`'\''`, "'") : inner
}

/** At least two characters: a letter and a colon begin a path on Windows. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i

/** Accepts unescaped spaces and 'file:/path', too. Throws `ARGUMENT` for the address of no file on this machine. */
function pathOfUrl(url: string): string {
  try {
    const { href, hostname } = new URL(url)
    const isHere = process.platform === 'win32' || hostname === '' || hostname === 'localhost'
    if (isHere) return fileURLToPath(href)
  } catch {
    throw new NumPackError('ARGUMENT', `${url} is not an address of a file.`, { path: url })
  }
  throw elsewhere(url)
}

const elsewhere = (url: string): NumPackError =>
  new NumPackError('ARGUMENT', `${url} is an address of another machine. Give the path at which its disk is mounted.`, {
    path: url,
  })

const HOME = /^(~|\$HOME|\$\{HOME\}|%USERPROFILE%)(?=$|[/\\])/i

function withHome(path: string): string {
  const home = HOME.exec(path)
  const folder = home === null ? null : homeFolder()
  return home === null || folder === null ? path : join(folder, path.slice(home[0].length))
}

/** Whether a path such as `\\server\share` is given to a system that knows none. */
const isForeignShare = (text: string): boolean => process.platform !== 'win32' && /^\\\\[^\\/]+[\\/]/.test(text)

/** Removes the backslashes that a terminal adds when a file is dropped on it. */
const withoutEscapes = (path: string): string =>
  process.platform === 'win32' ? path : path.replaceAll(/\\([^A-Za-z0-9])/g, '$1')

/**
 * Returns the absolute path that a user means: plain, quoted, a file URL, with `~` or `$HOME`, or escaped for a shell.
 * A path that exists as it is written means itself. Throws `ARGUMENT` for an address that is no path on this machine.
 */
export function resolveGivenPath(given: string, folder = process.cwd()): string {
  if (existsSync(resolve(folder, given))) return resolve(folder, given)
  const text = withoutQuotes(given.trim())
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? (/^file:/i.test(text) ? 'file' : null)
  if (scheme === 'file') return pathOfUrl(text)
  if (scheme !== null || isForeignShare(text)) throw elsewhere(text)
  const path = resolve(folder, withHome(text))
  const plain = resolve(folder, withHome(withoutEscapes(text)))
  return plain !== path && !existsSync(path) && existsSync(plain) ? plain : path
}

export function possiblePaths(given: string, folder = process.cwd()): string[] {
  const written = resolve(folder, given)
  const text = withoutQuotes(given.trim())
  try {
    if (/^file:/i.test(text)) return [written, pathOfUrl(text)]
  } catch {
    return [written]
  }
  return [...new Set([written, ...[text, withoutEscapes(text)].map(each => resolve(folder, withHome(each)))])]
}

/** As `resolveGivenPath`, for a command line. Returns what is no path as it is: opening it gives the error. */
export function resolveArgument(given: string, folder: string): string {
  try {
    return resolveGivenPath(given, folder)
  } catch {
    return given
  }
}

export const isWholePath = (given: string): boolean => {
  const text = withoutQuotes(given.trim())
  return isAbsolute(text) || HOME.test(text) || /^file:/i.test(text)
}
