import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { securityHeaders } from '../../core/explorer/window-headers.ts'

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

/** An answer of the window's scheme. */
export interface WindowFile {
  status: 200 | 404
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer> | null
}

const MISSING: WindowFile = { status: 404, headers: securityHeaders(), body: null }

/** The file below `root` that an address's path means, or null when the path is malformed or leads out of `root`. */
export function windowFilePath(root: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (['\0', '\\', ':'].some(character => decoded.includes(character))) return null
  const file = path.join(root, decoded)
  return file.startsWith(path.join(root, path.sep)) ? file : null
}

/**
 * A file of the window's bundle in `root`. Only the types that a bundle holds are served; anything else, a folder, or a
 * path outside `root` is a 404.
 */
export async function readWindowFile(root: string, pathname: string): Promise<WindowFile> {
  const file = windowFilePath(root, pathname)
  const type = file === null ? undefined : CONTENT_TYPES[path.extname(file)]
  if (file === null || type === undefined) return MISSING
  try {
    const body = new Uint8Array(await readFile(file))
    return { status: 200, headers: { ...securityHeaders(), 'Content-Type': type }, body }
  } catch {
    return MISSING
  }
}
