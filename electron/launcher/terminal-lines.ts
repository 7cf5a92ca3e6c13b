import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Fields of /proc/self/stat after the program's name: process group, and the terminal's foreground group. */
const GROUP = 2
const TERMINAL_GROUP = 5

/** Whether this program is in the foreground: the system stops a background program that reads keys. */
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

/** Calls `onLine` per line typed in the foreground. Returns a function that stops it; null without a terminal. */
export function watchTerminal(onLine: () => void): (() => void) | null {
  const { stdin } = process
  if (!stdin.isTTY) return null
  const readOrRest = (): void => {
    if (isInForeground()) stdin.resume()
    else stdin.pause()
  }
  stdin.on('data', onLine).on('error', () => {})
  readOrRest()
  // After a stop the program may continue in the foreground or in the background.
  process.on('SIGCONT', readOrRest)
  return () => {
    process.off('SIGCONT', readOrRest)
    stdin.off('data', onLine).pause()
    stdin.unref()
  }
}
