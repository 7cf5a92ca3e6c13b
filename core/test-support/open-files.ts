import { readdirSync, readlinkSync } from 'node:fs'

/** Only for tests, on Linux: files under a path that this process has open, as the system says. */
export const openFiles = (path: string): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(path) ? [target] : []
    } catch {
      return []
    }
  })
