import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { reportFailure } from './failures.ts'

/** How reading piece by piece for the screen ended; null where something else is read instead. A failure is told. */
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
