import { readdirSync, readlinkSync } from 'node:fs'

/** Lists the files under a path that this process has open, according to the system (Linux only). */
export const openFiles = (path: string): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(path) ? [target] : []
    } catch {
      return []
    }
  })
