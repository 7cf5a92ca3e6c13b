import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import type { Settings } from '../../core/explorer/contract/types.ts'
import type { App } from '../model/app.ts'
import type { Command } from '../model/commands.ts'
import { dismissNewest, hasNotice } from '../model/notices.ts'
import { setSetting } from '../model/settings.ts'
import { toggleDialog } from './toggle-dialog.ts'

type Theme = Settings['theme']

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

function switchTheme(app: App): void {
  setSetting(app, 'theme', NEXT_THEME[app.settings.getState().values.theme])
}

export const WINDOW_COMMANDS: readonly Command[] = [
  {
    id: 'switchTheme',
    title: 'Switch theme: system, light or dark',
    group: 'Window',
    key: 't',
    run: switchTheme,
  },
  {
    id: 'commandPalette',
    title: 'Commands…',
    group: 'Window',
    key: MENU_COMMANDS.commandPalette.key,
    run: app => toggleDialog(app, 'palette'),
  },
  {
    id: 'settings',
    title: MENU_COMMANDS.settings.title,
    group: 'Window',
    key: MENU_COMMANDS.settings.key,
    run: app => toggleDialog(app, 'settings'),
  },
  {
    id: 'keyboardShortcuts',
    title: 'Keyboard shortcuts',
    group: 'Window',
    key: '?',
    run: app => toggleDialog(app, 'shortcuts'),
  },
  {
    id: 'dismissNotice',
    title: 'Dismiss notice',
    group: 'Window',
    key: 'Escape',
    enabled: hasNotice,
    run: dismissNewest,
  },
]
