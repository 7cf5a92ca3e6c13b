import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NumPackError } from '../format/errors.ts'
import { homeFolder } from './user-folders.ts'

/** Pairs of quotes that shells, file managers and text programs put around a path. */
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

function withoutQuotes(text: string): string {
  const isQuoted = QUOTES.some(([open, close]) => text.length > 2 && text.startsWith(open) && text.endsWith(close))
  return isQuoted ? text.slice(1, -1) : text
}

/** A letter and a colon begin a path on Windows, so that a scheme has at least two characters. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i

/** Converts a file URL, also one with unescaped spaces or 'file:/path'. Throws ARGUMENT for one that no path has. */
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

/** Removes the backslashes that a terminal puts before special characters when a file is dropped on it. */
const withoutEscapes = (path: string): string =>
  process.platform === 'win32' ? path : path.replaceAll(/\\([^A-Za-z0-9])/g, '$1')

/**
 * Returns the absolute path that a user means, as systems and people write it: plain, in quotes, as a file URL, with `~` or
 * `$HOME`, with the backslashes of a shell. A relative path counts from `folder`. An absolute path that exists as it
 * is written means itself. Throws ARGUMENT for an address that is no path on this machine.
 */
export function resolveGivenPath(given: string, folder = process.cwd()): string {
  if (existsSync(resolve(folder, given))) return resolve(folder, given)
  const text = withoutQuotes(given.trim())
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? (/^file:/i.test(text) ? 'file' : null)
  if (scheme === 'file') return pathOfUrl(text)
  if (scheme !== null) throw elsewhere(text)
  const path = resolve(folder, withHome(text))
  const plain = resolve(folder, withHome(withoutEscapes(text)))
  return plain !== path && !existsSync(path) && existsSync(plain) ? plain : path
}

/** Returns the absolute paths at which `resolveGivenPath` looks. */
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

/** As `resolveGivenPath`, for a command line. Returns what is no path as it is: opening it says why. */
export function resolveArgument(given: string, folder: string): string {
  try {
    return resolveGivenPath(given, folder)
  } catch {
    return given
  }
}

/** Whether a user gave the whole path, from the root on. */
export const isWholePath = (given: string): boolean => {
  const text = withoutQuotes(given.trim())
  return isAbsolute(text) || HOME.test(text) || /^file:/i.test(text)
}
