import { join } from 'node:path'
import open from 'open'
import { dataFolder } from '../../core/system/user-folders.ts'
import { hasScreen } from './electron-program.ts'
import { type RedirectFile, writeRedirectFile } from './redirect-file.ts'

/**
 * Opens an address in the default browser through a redirect file, if a user is at a screen. `newAddress` creates the
 * address; `onUsed` runs when it was used. Resolves with a function that removes the file.
 */
export async function openBrowser(newAddress: (onUsed: () => void) => string): Promise<() => void> {
  if (!hasScreen() || process.env['CI'] || process.env['BROWSER'] === 'none') return () => {}
  const folder = dataFolder()
  // The address is also printed on the terminal.
  if (folder === null) return () => {}
  let file: RedirectFile | undefined
  const remove = (): void => file?.remove()
  try {
    file = writeRedirectFile(join(folder, 'browser'), newAddress(remove))
    const opener = await open(file.path)
    opener.on('error', () => {})
  } catch {
    remove()
  }
  return remove
}
