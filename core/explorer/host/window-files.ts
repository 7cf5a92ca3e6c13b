import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { isErrno } from '../../system/io-error.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

export interface WindowFile {
  contentType: string
  body: Uint8Array<ArrayBuffer>
}

/** The path in the bundle that an address's path means ('/' is index.html); undefined for one that no bundle has. */
function bundlePath(addressPath: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(addressPath)
  } catch {
    return undefined
  }
  const path = decoded === '/' ? 'index.html' : decoded.slice(1)
  const isPlain = path.split('/').every(part => part !== '' && !part.startsWith('.'))
  return isPlain && !['\0', '\\', ':'].some(character => path.includes(character)) ? path : undefined
}

/**
 * Undefined for what isn't there, a folder, and what lies outside `root` (`..` in any spelling, symbolic links).
 * Rejects with the system's error when the file can't be read.
 */
export async function readWindowFile(root: string, addressPath: string): Promise<WindowFile | undefined> {
  const path = bundlePath(addressPath)
  const contentType = path === undefined ? undefined : CONTENT_TYPES[extname(path)]
  if (path === undefined || contentType === undefined) return undefined
  try {
    const file = await realpath(join(root, path))
    if (!file.startsWith((await realpath(root)) + sep)) return undefined
    return { contentType, body: new Uint8Array(await readFile(file)) }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP')) return undefined
    throw error
  }
}
