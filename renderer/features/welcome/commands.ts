import { MENU_COMMANDS } from '../../../core/explorer/contract/commands.ts'
import type { Command } from '../../model/commands.ts'
import { activate, chooseToOpen, openSample } from '../../model/opening.ts'

export const OPEN_COMMANDS: readonly Command[] = [
  {
    id: 'openFolder',
    title: 'Open folder…',
    group: 'Stores',
    key: MENU_COMMANDS.openFolder.key,
    run: app => void chooseToOpen(app, 'pickFolder'),
  },
  { id: 'openSample', title: 'Open the sample store', group: 'Stores', key: 'Alt+O', run: openSample },
  { id: 'showWelcome', title: 'Recent stores', group: 'Stores', key: 'Alt+R', run: app => activate(app, null) },
  {
    id: 'openPackage',
    title: 'Open package…',
    group: 'Packages',
    key: 'Alt+P',
    run: app => void chooseToOpen(app, 'pickPackages'),
  },
]
