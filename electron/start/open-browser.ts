import open from 'open'
import { hasScreen } from './electron-program.ts'

/** Opens an address in the default browser where there is a screen and somebody before it; else does nothing. */
export async function openBrowser(url: string): Promise<void> {
  if (!hasScreen() || process.env['CI'] || process.env['BROWSER'] === 'none') return
  try {
    const opener = await open(url)
    opener.on('error', () => {})
  } catch {
    // The address is on the terminal: without a browser here, it is opened by hand.
  }
}
