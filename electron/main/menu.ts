import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../core/explorer/contract/commands.ts'
import { visibleText } from '../../core/format/visible-text.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  /** Stores to offer, latest first. */
  recents: readonly { name: string; path: string }[]
  /** Offers the developer tools. */
  developer: boolean
  openFolder(): void
  openPackage(): void
  openPath(path: string): void
  command(command: MenuCommand): void
  about(): void
}

const MENU_RECENTS = 10

/** An ampersand in a label marks the next letter as the key of the item. */
const label = (text: string): string => visibleText(text).replaceAll('&', '&&')

/** The application menu. Items that tests and other code look for have an id. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const command = (name: MenuCommand, text: string, accelerator?: string): MenuItemConstructorOptions => ({
    id: name,
    label: text,
    click: () => options.command(name),
    ...(accelerator !== undefined && { accelerator }),
  })

  const recents: MenuItemConstructorOptions[] = options.recents.slice(0, MENU_RECENTS).map(({ name, path }) => ({
    label: label(name),
    sublabel: visibleText(path),
    toolTip: visibleText(path),
    click: () => options.openPath(path),
  }))

  const file: MenuItemConstructorOptions[] = [
    { id: 'openFolder', label: 'Open Folder…', accelerator: 'CmdOrCtrl+O', click: () => options.openFolder() },
    { id: 'openPackage', label: 'Open Package…', click: () => options.openPackage() },
    {
      id: 'openRecent',
      label: 'Open Recent',
      submenu: recents.length > 0 ? recents : [{ label: 'No Recent Stores', enabled: false }],
    },
    separator,
    command('backUp', 'Back Up', 'CmdOrCtrl+B'),
    command('backUpTo', 'Back Up To…'),
    command('verifyPackage', 'Verify Package'),
    command('unpack', 'Unpack…'),
    separator,
    command('showJobs', 'Jobs', 'CmdOrCtrl+J'),
    separator,
    { role: 'close', label: 'Close Window' },
    ...(mac ? [] : [separator, { role: 'quit' } as const]),
  ]

  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo' },
    { role: 'redo' },
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ]

  const view: MenuItemConstructorOptions[] = [
    command('commandPalette', 'Command Palette…', 'CmdOrCtrl+K'),
    command('goToRow', 'Go to Row…', 'CmdOrCtrl+G'),
    separator,
    command('hideDeleted', 'Hide Deleted Rows'),
    command('showDeleted', 'Show Deleted Rows'),
    command('onlyDeleted', 'Only Deleted Rows'),
    separator,
    command('toggleArrays', 'Arrays Panel', 'Alt+A'),
    command('toggleDetails', 'Details Panel', 'CmdOrCtrl+I'),
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(options.developer ? [separator, { role: 'toggleDevTools' } as const] : []),
  ]

  const help: MenuItemConstructorOptions[] = [
    command('keyboardShortcuts', 'Keyboard Shortcuts'),
    command('thirdPartyNotices', 'Third-Party Notices'),
    ...(mac ? [] : [{ id: 'about', label: 'About NumPack Explorer', click: () => options.about() }]),
  ]

  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: file },
    { label: '&Edit', submenu: edit },
    { label: '&View', submenu: view },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: help },
  ]
}
