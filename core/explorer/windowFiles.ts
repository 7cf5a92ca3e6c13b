import { readFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * What the window may load: its own files and nothing else. Styles may be inline because React components size and
 * place themselves; nothing that runs may be.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every file of the window, by every host. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface WindowFile {
  status: 200 | 404
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
}

const missing = (): WindowFile => ({
  status: 404,
  headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  body: new TextEncoder().encode('Not found'),
})

/** The file below `root` that a URL's path means, or null when the path is malformed or leads out of `root`. */
export function windowFilePath(root: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (['\0', '\\', ':'].some(character => decoded.includes(character))) return null
  const file = path.join(root, decoded === '/' ? 'index.html' : decoded)
  return file.startsWith(path.join(root, path.sep)) ? file : null
}

/**
 * One file of the window's bundle in `root`, as an HTTP answer. Only the types that a bundle holds are served; anything
 * else, a folder or a path outside `root` is a 404.
 */
export async function readWindowFile(root: string, pathname: string): Promise<WindowFile> {
  const file = windowFilePath(root, pathname)
  const type = file === null ? undefined : CONTENT_TYPES[path.extname(file).toLowerCase()]
  if (file === null || type === undefined) return missing()
  try {
    const body = new Uint8Array(await readFile(file))
    return { status: 200, headers: { ...SECURITY_HEADERS, 'content-type': type }, body }
  } catch {
    return missing()
  }
}
