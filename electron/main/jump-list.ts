import { app } from 'electron'
import { installedProgram } from './installed-program.ts'

const MOST_STORES = 10

/** Windows shows no item with a longer description. */
const LONGEST_DESCRIPTION = 260

/** Quotes a path for a Windows command line: backslashes before the closing quote would escape it. */
const quote = (path: string): string => `"${path.replace(/\\+$/, '$&$&')}"`

/** Returns the jump list of the taskbar button: recent stores. Their paths are arguments, which Windows never opens. */
export const jumpList = (
  recents: readonly { name: string; path: string }[],
  program: string,
): Electron.JumpListCategory[] =>
  recents.length === 0
    ? []
    : [
        {
          type: 'custom',
          name: 'Recent stores',
          items: recents.slice(0, MOST_STORES).map(({ name, path }) => ({
            type: 'task',
            title: name,
            description: path.slice(0, LONGEST_DESCRIPTION),
            program,
            args: quote(path),
            iconPath: program,
            iconIndex: 0,
          })),
        },
      ]

/** Shows recent stores in the jump list, on Windows. */
export function showJumpList(recents: readonly { name: string; path: string }[]): void {
  if (process.platform === 'win32') app.setJumpList(jumpList(recents, installedProgram()))
}
