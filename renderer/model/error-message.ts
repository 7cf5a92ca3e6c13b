import { messageOf, UNEXPECTED_ERROR } from '../../core/format/errors.ts'
import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { announce } from './notices.ts'

export const errorMessage = (error: unknown): string =>
  error instanceof BridgeError ? error.message : `${UNEXPECTED_ERROR}: ${messageOf(error)}`

/** Errors that the window shows otherwise. The host reports a change on disk by an event. */
const SHOWN_OTHERWISE = new Set(['ABORTED', 'HOST_GONE', 'CHANGED_ON_DISK'])

export function reportFailure(app: App, error: unknown): void {
  if (error instanceof BridgeError && SHOWN_OTHERWISE.has(error.code)) return
  announce(app, 'error', errorMessage(error), { topic: errorMessage(error) })
}
