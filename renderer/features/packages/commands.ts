import { MENU_COMMANDS } from '../../../core/explorer/contract/commands.ts'
import type { App } from '../../model/app.ts'
import type { Command } from '../../model/commands.ts'
import { hasStore, withPath } from '../../model/conditions.ts'
import { activeStore } from '../../model/session.ts'
import { showPackage } from '../../model/navigation.ts'
import { backUp, backUpTo, unpackTo, verifyPackage } from './package-jobs.ts'

const isPackage = (app: App): boolean => (activeStore(app.session.getState())?.info.package ?? null) !== null
const isFolder = (app: App): boolean => hasStore(app) && !isPackage(app)

export const PACKAGE_COMMANDS: readonly Command[] = [
  {
    id: 'backUp',
    title: 'Back up',
    group: 'Packages',
    key: MENU_COMMANDS.backUp.key,
    enabled: isFolder,
    run: withPath((app, path) => void backUp(app, path)),
  },
  {
    id: 'backUpTo',
    title: 'Back up to…',
    group: 'Packages',
    key: 'Alt+B',
    enabled: isFolder,
    run: withPath((app, path) => void backUpTo(app, path)),
  },
  {
    id: 'showPackage',
    title: 'Show the package contents',
    group: 'Packages',
    key: 'i',
    enabled: isPackage,
    run: withPath(showPackage),
  },
  {
    id: 'verifyPackage',
    title: 'Verify package',
    group: 'Packages',
    key: 'v',
    enabled: isPackage,
    run: withPath((app, path) => void verifyPackage(app, path)),
  },
  {
    id: 'unpack',
    title: 'Unpack…',
    group: 'Packages',
    key: 'u',
    enabled: isPackage,
    run: withPath((app, path) => void unpackTo(app, path)),
  },
]
