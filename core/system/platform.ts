import { readFileSync } from 'node:fs'

/** System and runtime of the library. */
export interface BackendInfo {
  readonly platform: 'Windows' | 'Darwin' | 'Linux'
  readonly isWindows: boolean
  readonly backend: string
  /** Version of this library. */
  readonly version: string
  readonly nodeVersion: string
}

/** Returns the system and the versions of this library and of Node. */
export function getBackendInfo(): BackendInfo {
  const isWindows = process.platform === 'win32'
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return {
    platform: isWindows ? 'Windows' : process.platform === 'darwin' ? 'Darwin' : 'Linux',
    isWindows,
    backend: 'positional reads',
    version,
    nodeVersion: process.versions.node,
  }
}

/** Returns this process's memory in MB (10^6 bytes), code and stacks included. */
export const memoryUsage = (): number => process.memoryUsage.rss() / 1e6
