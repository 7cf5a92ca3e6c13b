import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { announce } from './notices.ts'

/** A thrown value as a sentence for the user. */
export const sentence = (error: unknown): string =>
  error instanceof BridgeError
    ? error.message
    : `Something failed that was not expected: ${error instanceof Error ? error.message : String(error)}`

/**
 * What the window shows by itself: requests that were cancelled, a host that is lost, and an array that another program
 * changed while it was read, which the host looks at again and tells of.
 */
const SHOWN_OTHERWISE = new Set(['ABORTED', 'HOST_GONE', 'CHANGED_ON_DISK'])

/** Tells the user what failed, unless the window shows it by itself. */
export function reportFailure(app: App, error: unknown): void {
  if (error instanceof BridgeError && SHOWN_OTHERWISE.has(error.code)) return
  announce(app, 'error', sentence(error), { topic: sentence(error) })
}
