import { arch, release, type } from 'node:os'

const NAMES: Readonly<Record<string, string>> = { electron: 'Electron', chrome: 'Chromium', node: 'Node.js' }

/** Returns what the host runs on, with versions: for the dialog *About* and for bug reports. Names no user and no path. */
export const hostPrograms = (versions: NodeJS.ProcessVersions): { name: string; version: string }[] => [
  ...Object.entries(NAMES).flatMap(([key, name]) => {
    const version = versions[key]
    return version === undefined ? [] : [{ name, version }]
  }),
  { name: 'System', version: `${type()} ${release()}, ${arch()}` },
]
