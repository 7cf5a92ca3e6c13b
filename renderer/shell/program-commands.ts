import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import type { Params } from '../../core/explorer/contract/types.ts'
import type { App } from '../model/app.ts'
import type { Command } from '../model/commands.ts'
import { hasStore, withPath } from '../model/conditions.ts'
import { copyDiagnostics } from '../model/diagnostics.ts'
import { reportFailure } from '../model/error-message.ts'
import { moveToNewWindow, openNewWindow } from '../model/new-window.ts'
import { toggleDialog } from './toggle-dialog.ts'

/** A browser zooms by itself, with the same keys. */
const zoom = (
  id: 'zoomWindowIn' | 'zoomWindowOut' | 'resetWindowZoom',
  title: string,
  direction: Params<'zoomWindow'>['direction'],
): Command => ({
  id,
  title,
  group: 'Window',
  key: MENU_COMMANDS[id].key,
  enabled: app => app.session.getState().environment?.host === 'electron',
  run: app => void app.bridge.request('zoomWindow', { direction }).catch((error: unknown) => reportFailure(app, error)),
})

const dialog = (id: 'about' | 'help', title: string): Command => ({
  id,
  title,
  group: 'Window',
  key: MENU_COMMANDS[id].key,
  run: (app: App) => toggleDialog(app, id),
})

export const PROGRAM_COMMANDS: readonly Command[] = [
  {
    id: 'newWindow',
    title: 'New window',
    group: 'Window',
    key: MENU_COMMANDS.newWindow.key,
    run: openNewWindow,
  },
  {
    id: 'moveToNewWindow',
    title: 'Move store to new window',
    group: 'Window',
    key: MENU_COMMANDS.moveToNewWindow.key,
    enabled: hasStore,
    run: withPath((app, path) => void moveToNewWindow(app, path)),
  },
  zoom('zoomWindowIn', 'Zoom the window in', 'in'),
  zoom('zoomWindowOut', 'Zoom the window out', 'out'),
  zoom('resetWindowZoom', 'Reset the zoom of the window', 'reset'),
  dialog('help', 'Help'),
  dialog('about', 'About NumPack Explorer'),
  {
    id: 'copyDiagnostics',
    title: 'Copy diagnostics',
    group: 'Window',
    key: MENU_COMMANDS.copyDiagnostics.key,
    run: app => void copyDiagnostics(app),
  },
  {
    id: 'thirdPartyNotices',
    title: 'Third-party notices',
    group: 'Window',
    key: MENU_COMMANDS.thirdPartyNotices.key,
    run: app => toggleDialog(app, 'notices'),
  },
]
