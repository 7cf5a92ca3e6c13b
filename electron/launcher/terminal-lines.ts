import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Where the process group and the one that has the terminal stand in /proc/self/stat, after the program's name. */
const GROUP = 2
const TERMINAL_GROUP = 5

/** Whether the terminal's keys go to this program: one in the background that reads them is stopped by the system. */
function isInForeground(): boolean {
  if (process.platform === 'win32') return true
  if (process.platform === 'linux') {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[GROUP] === fields[TERMINAL_GROUP]
  }
  const { error, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8' })
  return error === undefined && stdout.includes('+')
}

/**
 * Calls `onLine` for each line that is typed while this program has the terminal. Gives back what ends that; null where
 * there is no terminal to type in.
 */
export function watchTerminal(onLine: () => void): (() => void) | null {
  const { stdin } = process
  if (!stdin.isTTY) return null
  const readOrRest = (): void => {
    if (isInForeground()) stdin.resume()
    else stdin.pause()
  }
  stdin.on('data', onLine).on('error', () => {})
  readOrRest()
  // It was stopped and goes on, in the foreground or behind.
  process.on('SIGCONT', readOrRest)
  return () => {
    process.off('SIGCONT', readOrRest)
    stdin.off('data', onLine).pause()
    stdin.unref()
  }
}
