import { type BrowserWindow, dialog } from 'electron'
import type { Params } from '../../core/explorer/contract/types.ts'

const PACKAGES = { name: 'NumPack packages', extensions: ['npkg'] }

async function pickPaths(window: BrowserWindow | undefined, options: Electron.OpenDialogOptions): Promise<string[]> {
  const { filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options))
  return filePaths
}

export const pickFolders = (window: BrowserWindow | undefined): Promise<string[]> =>
  pickPaths(window, {
    title: 'Open NumPack Store',
    // macOS takes stores for packages, which can't be chosen as folders otherwise.
    properties: ['openDirectory', 'multiSelections', 'treatPackageAsDirectory'],
  })

export const pickPackages = (window: BrowserWindow | undefined): Promise<string[]> =>
  pickPaths(window, {
    title: 'Open NumPack Package',
    properties: ['openFile', 'multiSelections'],
    filters: [PACKAGES, { name: 'All files', extensions: ['*'] }],
  })

/** Returns the path that the user chose; null when the dialog was cancelled. */
export async function pickTarget(
  window: BrowserWindow | undefined,
  { kind, suggested }: Params<'pickTarget'>,
): Promise<string | null> {
  const options: Electron.SaveDialogOptions = {
    title: kind === 'backup' ? 'Back Up To' : 'Unpack To',
    defaultPath: suggested,
    ...(kind === 'backup' && { filters: [PACKAGES] }),
  }
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options))
  return canceled || !filePath ? null : filePath
}

/** Asks whether to close and cancel the running jobs. Blocks the main thread until the user has answered. */
export function confirmCancelJobs(window: BrowserWindow | undefined, running: number): boolean {
  const buttons = ['Cancel and Close', 'Keep Open']
  const keepOpen = 1
  const options: Electron.MessageBoxSyncOptions = {
    type: 'question',
    buttons,
    defaultId: keepOpen,
    cancelId: keepOpen,
    message: running === 1 ? 'A job is still running.' : `${running} jobs are still running.`,
    detail: 'Closing the program cancels what is running. It leaves no partial files and changes nothing else.',
  }
  const answer = window === undefined ? dialog.showMessageBoxSync(options) : dialog.showMessageBoxSync(window, options)
  return answer !== keepOpen
}
