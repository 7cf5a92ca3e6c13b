import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { announce } from './notices.ts'

/** A thrown value as a sentence for the user. */
export const sentence = (error: unknown): string =>
  error instanceof BridgeError
    ? error.message
    : `Something failed that was not expected: ${error instanceof Error ? error.message : String(error)}`

/** Tells the user what failed. Cancelled requests and a lost host say nothing here: the window shows those itself. */
export function reportFailure(app: App, error: unknown): void {
  if (error instanceof BridgeError && (error.code === 'ABORTED' || error.code === 'HOST_GONE')) return
  announce(app, 'error', sentence(error), { topic: sentence(error) })
}
