import type { App, Session, WebContents } from 'electron'
import { isWindowBlob, isWindowUrl } from './window-scheme.ts'

/** The window's only permission: to copy cells. */
const WRITE_CLIPBOARD = 'clipboard-sanitized-write'

const allowed = (permission: string, url: string): boolean => permission === WRITE_CLIPBOARD && isWindowUrl(url)

export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission, details.requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, `${origin}/`))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    // The system's dialog asks where to save.
    if (!isWindowBlob(item.getURL())) event.preventDefault()
  })
}

export function confinePages(app: App): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', event => {
      if (!isWindowUrl(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', event => {
      if (!event.isMainFrame || !isWindowUrl(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', event => event.preventDefault())
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}
