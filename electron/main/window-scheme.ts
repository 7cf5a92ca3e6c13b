import { protocol } from 'electron'
import { readWindowFile } from './window-files.ts'

const SCHEME = 'numpack-explorer'

/** The origin of the window, and of nothing else. */
export const WINDOW_ORIGIN = `${SCHEME}://window`
export const WINDOW_URL = `${WINDOW_ORIGIN}/index.html`

/** Makes the scheme an origin of its own, with all rules that hold for https. To be called before `ready`. */
export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the files of the window's bundle in `root` under WINDOW_ORIGIN. To be called after `ready`. */
export function serveWindow(root: string): void {
  protocol.handle(SCHEME, async request => {
    const url = new URL(request.url)
    if (request.method !== 'GET' || url.host !== 'window') return new Response(null, { status: 404 })
    const { status, headers, body } = await readWindowFile(root, url.pathname)
    return new Response(body, { status, headers })
  })
}

/** Whether an address, as Chromium writes it, belongs to the window itself. */
export const isWindowUrl = (url: string): boolean => url.startsWith(`${WINDOW_ORIGIN}/`)
