import { protocol } from 'electron'
import { readWindowFile } from '../../core/explorer/host/window-files.ts'
import { securityHeaders } from '../../core/explorer/host/window-headers.ts'

const SCHEME = 'numpack-explorer'
const HOST = 'window'

export const WINDOW_ORIGIN = `${SCHEME}://${HOST}`
export const WINDOW_URL = `${WINDOW_ORIGIN}/index.html`

export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

export function serveWindow(root: string): void {
  protocol.handle(SCHEME, async request => {
    const { host, pathname } = new URL(request.url)
    const own = request.method === 'GET' && host === HOST
    const file = own ? await readWindowFile(root, pathname) : undefined
    if (file === undefined) return new Response(null, { status: 404, headers: securityHeaders() })
    return new Response(file.body, { headers: { ...securityHeaders(), 'Content-Type': file.contentType } })
  })
}

export const isWindowUrl = (url: string): boolean => url.startsWith(`${WINDOW_ORIGIN}/`)

export const isWindowBlob = (url: string): boolean => url.startsWith(`blob:${WINDOW_ORIGIN}/`)
