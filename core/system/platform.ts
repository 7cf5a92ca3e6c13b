import { libraryVersion } from './library-folder.ts'

/** The system, and the versions of this library and of Node. */
export interface BackendInfo {
  readonly platform: 'Windows' | 'Darwin' | 'Linux'
  readonly isWindows: boolean
  readonly backend: string
  readonly version: string
  readonly nodeVersion: string
}

export function getBackendInfo(): BackendInfo {
  const isWindows = process.platform === 'win32'
  return {
    platform: isWindows ? 'Windows' : process.platform === 'darwin' ? 'Darwin' : 'Linux',
    isWindows,
    backend: 'positional reads',
    version: libraryVersion(),
    nodeVersion: process.versions.node,
  }
}

/** Returns this process's memory in MB (10^6 bytes), code and stacks included. */
export const memoryUsage = (): number => process.memoryUsage.rss() / 1e6
