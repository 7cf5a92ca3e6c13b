import { join } from 'node:path'
import open from 'open'
import { dataFolder } from '../../core/system/user-folders.ts'
import { hasScreen } from './electron-program.ts'
import { type RedirectFile, writeRedirectFile } from './redirect-file.ts'

/**
 * Opens an address in the default browser where there is a screen and somebody before it; else does nothing. The browser is
 * given a file that leads to the address. `newAddress` makes one; it calls `onUsed` when a browser has come in with it.
 * Resolves with what removes the file, for the end of the program.
 */
export async function openBrowser(newAddress: (onUsed: () => void) => string): Promise<() => void> {
  if (!hasScreen() || process.env['CI'] || process.env['BROWSER'] === 'none') return () => {}
  const folder = dataFolder()
  // An address is on the terminal.
  if (folder === null) return () => {}
  let file: RedirectFile | undefined
  const remove = (): void => file?.remove()
  try {
    file = writeRedirectFile(join(folder, 'browser'), newAddress(remove))
    const opener = await open(file.path)
    opener.on('error', () => {})
  } catch {
    // An address is on the terminal: where no browser can be opened, it is opened by hand.
    remove()
  }
  return remove
}
