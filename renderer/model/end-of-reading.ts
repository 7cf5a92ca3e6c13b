import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'

/** Waits for a read in pieces; returns how it ended, null when another read replaced it. Reports a failure. */
export async function endOfReading(
  app: App,
  reading: Promise<unknown>,
  signal: AbortSignal,
): Promise<'done' | 'cancelled' | 'failed' | null> {
  try {
    await reading
    return 'done'
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'ABORTED') return signal.reason === 'user' ? 'cancelled' : null
    reportFailure(app, error)
    return 'failed'
  }
}
