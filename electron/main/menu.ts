import type { MenuItemConstructorOptions } from 'electron'
import { MENU_COMMANDS, type MenuCommand } from '../../core/explorer/contract/commands.ts'
import { visibleText } from '../../core/format/visible-text.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  recents: readonly { name: string; path: string }[]
  developer: boolean
  openFolder(): void
  openPackage(): void
  openPath(path: string): void
  command(command: MenuCommand): void
  about(): void
}

const MENU_RECENTS = 10

/** Escapes ampersands, which mark the access key of a menu item. */
const escapeLabel = (text: string): string => visibleText(text).replaceAll('&', '&&')

const acceleratorOf = (key: string): string => key.replace('Mod', 'CmdOrCtrl')

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const command = (id: MenuCommand, click = (): void => options.command(id)): MenuItemConstructorOptions => {
    const item: { title: string; key?: string } = MENU_COMMANDS[id]
    return { id, label: item.title, click, ...(item.key !== undefined && { accelerator: acceleratorOf(item.key) }) }
  }

  const recents: MenuItemConstructorOptions[] = options.recents.slice(0, MENU_RECENTS).map(({ name, path }) => ({
    label: escapeLabel(name),
    sublabel: visibleText(path),
    toolTip: visibleText(path),
    click: () => options.openPath(path),
  }))

  const file: MenuItemConstructorOptions[] = [
    command('openFolder', () => options.openFolder()),
    command('openPackage', () => options.openPackage()),
    {
      id: 'openRecent',
      label: 'Open Recent',
      submenu: recents.length > 0 ? recents : [{ label: 'No Recent Stores', enabled: false }],
    },
    separator,
    command('backUp'),
    command('backUpTo'),
    command('verifyPackage'),
    command('unpack'),
    separator,
    command('showJobs'),
    separator,
    { role: 'close', label: 'Close Window' },
    ...(mac ? [] : [separator, command('settings'), separator, { role: 'quit' } as const]),
  ]

  // The default one of macOS, with the settings in it.
  const application: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      command('settings'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }

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
    command('commandPalette'),
    command('goToRow'),
    separator,
    command('hideDeleted'),
    command('showDeleted'),
    command('onlyDeleted'),
    separator,
    command('toggleArrays'),
    command('toggleDetails'),
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(options.developer ? [separator, { role: 'toggleDevTools' } as const] : []),
  ]

  const help: MenuItemConstructorOptions[] = [
    command('keyboardShortcuts'),
    command('thirdPartyNotices'),
    ...(mac ? [] : [{ id: 'about', label: 'About NumPack Explorer', click: () => options.about() }]),
  ]

  return [
    ...(mac ? [application] : []),
    { label: '&File', submenu: file },
    { label: '&Edit', submenu: edit },
    { label: '&View', submenu: view },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: help },
  ]
}
