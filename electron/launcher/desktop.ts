import { spawn } from 'node:child_process'
import { ROOT } from './folders.ts'

/** A window that lasts this long has started; its status then counts as its own. */
const STARTED_AFTER_MS = 10_000

/** Statuses of a normal end: closed by the user, or nothing could be opened. */
const OWN_STATUSES: ReadonlySet<number | null> = new Set([0, 2])

export type DesktopEnd = { status: number } | { why: string }

/** Runs the desktop app until it ends. `why` says that it failed to start; the caller can then serve the window. */
export function runDesktop(program: string, paths: readonly string[]): Promise<DesktopEnd> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const started = Date.now()
  let asked = false
  const stop = (signal: NodeJS.Signals): void => {
    asked = true
    child.kill(signal)
  }
  // Install before the app runs: an unhandled signal would end this process and leave the app behind.
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const child = spawn(program, [ROOT, ...paths], { stdio: 'inherit', env })
  return new Promise<DesktopEnd>(resolve => {
    child.once('error', error => resolve({ why: `Electron can't be started (${error.message})` }))
    child.once('exit', (status, signal) => {
      const cameUp = Date.now() - started > STARTED_AFTER_MS
      if (asked) resolve({ status: 0 })
      else if (OWN_STATUSES.has(status) || cameUp) resolve({ status: status ?? 1 })
      else resolve({ why: `Electron ended at once (${signal ?? `status ${status}`})` })
    })
  }).finally(() => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  })
}
