import type { MenuItemConstructorOptions } from 'electron'
import { MENU_COMMANDS, type MenuCommand } from '../../core/explorer/contract/commands.ts'
import type { Params } from '../../core/explorer/contract/types.ts'
import { visibleText } from '../../core/format/visible-text.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  recents: readonly { name: string; path: string }[]
  developer: boolean
  newWindow: () => void
  openFolder: () => void
  openPackage: () => void
  openPath: (path: string) => void
  zoom: (direction: Params<'zoomWindow'>['direction']) => void
  command: (command: MenuCommand) => void
}

const MENU_RECENTS = 10

/** Escapes ampersands, which mark the access key of a menu item. */
const escapeLabel = (text: string): string => visibleText(text).replaceAll('&', '&&')

/** Electron's names of keys that the window names as browsers do. */
const acceleratorOf = (key: string): string => key.replace('Mod', 'CmdOrCtrl').replace('Arrow', '')

const separator: MenuItemConstructorOptions = { type: 'separator' }

type Item = (id: MenuCommand, click?: () => void) => MenuItemConstructorOptions

function recentsMenu({ recents, openPath }: MenuOptions): MenuItemConstructorOptions {
  const items = recents.slice(0, MENU_RECENTS).map(({ name, path }) => ({
    label: escapeLabel(name),
    sublabel: visibleText(path),
    toolTip: visibleText(path),
    click: () => openPath(path),
  }))
  return {
    id: 'openRecent',
    label: 'Open Recent',
    submenu: items.length > 0 ? items : [{ label: 'No Recent Stores', enabled: false }],
  }
}

const submenu = (label: string, items: MenuItemConstructorOptions[]): MenuItemConstructorOptions => ({
  label,
  submenu: items,
})

const fileMenu = (options: MenuOptions, command: Item): MenuItemConstructorOptions[] => [
  command('newWindow', () => options.newWindow()),
  separator,
  command('openFolder', () => options.openFolder()),
  command('openPackage', () => options.openPackage()),
  recentsMenu(options),
  command('openSample'),
  separator,
  command('backUp'),
  command('backUpTo'),
  separator,
  command('showPackage'),
  command('verifyPackage'),
  command('unpack'),
  separator,
  command('showJobs'),
  separator,
  command('savePng'),
  command('saveSvg'),
  separator,
  command('copyStorePath'),
  command('showInFolder'),
  command('followLinks'),
  command('ignoreLinks'),
  command('moveToNewWindow'),
  command('closeStore'),
  { role: 'close', label: 'Close Window' },
  ...(options.platform === 'darwin' ? [] : [separator, command('settings'), separator, { role: 'quit' } as const]),
]

/** The default one of macOS, with the settings in it. */
const applicationMenu = (command: Item): MenuItemConstructorOptions => ({
  role: 'appMenu',
  submenu: [
    command('about'),
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
})

const editMenu = (command: Item): MenuItemConstructorOptions[] => [
  { role: 'undo' },
  { role: 'redo' },
  separator,
  { role: 'cut' },
  { role: 'copy' },
  command('copyValue'),
  command('copyPicture'),
  { role: 'paste' },
  { role: 'selectAll' },
]

const viewMenu = ({ developer, zoom }: MenuOptions, command: Item): MenuItemConstructorOptions[] => [
  command('commandPalette'),
  separator,
  command('gridView'),
  command('plotView'),
  command('imageView'),
  command('columnsView'),
  command('infoView'),
  separator,
  command('hideDeleted'),
  command('showDeleted'),
  command('onlyDeleted'),
  separator,
  submenu('Number Format', [
    command('formatAuto'),
    command('formatFixed'),
    command('formatScientific'),
    command('formatHex'),
  ]),
  submenu('Shade', [command('shadeNothing'), command('shadeColumn'), command('shadeArray')]),
  command('toggleHistograms'),
  command('switchStatistics'),
  submenu('Picture', [command('zoomIn'), command('zoomOut'), command('zoomReset')]),
  separator,
  command('showWarnings'),
  command('toggleArrays'),
  command('toggleDetails'),
  separator,
  command('resetWindowZoom', () => zoom('reset')),
  command('zoomWindowIn', () => zoom('in')),
  command('zoomWindowOut', () => zoom('out')),
  command('switchTheme'),
  { role: 'togglefullscreen' },
  ...(developer ? [separator, { role: 'toggleDevTools' } as const] : []),
]

const goMenu = (command: Item): MenuItemConstructorOptions[] => [
  command('goToRow'),
  command('nextSlice'),
  command('previousSlice'),
  separator,
  command('filterArrays'),
  command('nextArray'),
  command('previousArray'),
  separator,
  command('nextStore'),
  command('previousStore'),
  command('showWelcome'),
]

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin'
  const command: Item = (id, click = () => options.command(id)) => {
    const item: { title: string; key?: string } = MENU_COMMANDS[id]
    return { id, label: item.title, click, ...(item.key !== undefined && { accelerator: acceleratorOf(item.key) }) }
  }
  const help = [
    command('help'),
    command('keyboardShortcuts'),
    separator,
    command('copyDiagnostics'),
    command('thirdPartyNotices'),
    ...(mac ? [] : [separator, command('about')]),
  ]
  return [
    ...(mac ? [applicationMenu(command)] : []),
    { label: '&File', submenu: fileMenu(options, command) },
    { label: '&Edit', submenu: editMenu(command) },
    { label: '&View', submenu: viewMenu(options, command) },
    { label: '&Go', submenu: goMenu(command) },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: help },
  ]
}
