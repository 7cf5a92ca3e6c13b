import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'
import { rememberNow } from './locations.ts'
import { closeStore } from './opening.ts'

const TICKET = '#window='

/** Returns the ticket that another page has opened this one with, and removes it from the address; else null. */
export function takeTicket(): string | null {
  const { hash, pathname, search } = location
  if (!hash.startsWith(TICKET)) return null
  history.replaceState(null, '', pathname + search)
  return hash.slice(TICKET.length)
}

/** Opens another window with stores of this one. Returns whether the host has agreed. */
async function openWindow(app: App, paths: string[]): Promise<boolean> {
  try {
    const { result } = await app.bridge.request('openWindow', { paths })
    // `noopener`: the new page gets its own `sessionStorage`, not a copy.
    if (result.ticket !== null) window.open(`${location.pathname}${TICKET}${result.ticket}`, '_blank', 'noopener')
    return true
  } catch (error) {
    reportFailure(app, error)
    return false
  }
}

export const openNewWindow = (app: App): void => void openWindow(app, [])

/** Opens another window with a store, at the place where it is in this one, and closes it here. */
export async function moveToNewWindow(app: App, path: string): Promise<void> {
  if (app.session.getState().activePath === path) await rememberNow(app)
  if (await openWindow(app, [path])) closeStore(app, path)
}
