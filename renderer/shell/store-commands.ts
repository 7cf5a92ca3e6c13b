import type { StoreInfo } from '../../core/explorer/contract/types.ts'
import type { App } from '../model/app.ts'
import type { Command } from '../model/commands.ts'
import { hasStore, withPath } from '../model/conditions.ts'
import {
  activate,
  closeStore,
  copyStorePath,
  FOLLOW_LINKS,
  followLinks,
  neighbour,
  showInFolder,
} from '../model/opening.ts'
import { activeStore } from '../model/session.ts'
import { toggleDialog } from './toggle-dialog.ts'

const hasTabs = (app: App): boolean => app.session.getState().stores.length > 1

const infoOf = (app: App): StoreInfo | undefined => activeStore(app.session.getState())?.info

function toTab(app: App, step: 1 | -1): void {
  const path = neighbour(app, step)
  if (path !== null) activate(app, path)
}

export const STORE_COMMANDS: readonly Command[] = [
  {
    id: 'closeStore',
    title: 'Close store',
    group: 'Stores',
    key: 'Alt+W',
    enabled: hasStore,
    run: withPath(closeStore),
  },
  {
    id: 'nextStore',
    title: 'Next store',
    group: 'Stores',
    key: 'Alt+PageDown',
    enabled: hasTabs,
    run: app => toTab(app, 1),
  },
  {
    id: 'previousStore',
    title: 'Previous store',
    group: 'Stores',
    key: 'Alt+PageUp',
    enabled: hasTabs,
    run: app => toTab(app, -1),
  },
  {
    id: 'copyStorePath',
    title: 'Copy store path',
    group: 'Stores',
    key: 'Alt+C',
    enabled: hasStore,
    run: app => void copyStorePath(app),
  },
  {
    id: 'showInFolder',
    title: 'Show store in file manager',
    group: 'Stores',
    key: 'Alt+L',
    enabled: app => hasStore(app) && app.session.getState().environment?.canShowInFolder === true,
    run: withPath(showInFolder),
  },
  {
    id: 'followLinks',
    title: FOLLOW_LINKS,
    group: 'Stores',
    key: 'Alt+K',
    enabled: app => infoOf(app)?.arrays.some(({ isBehindLink }) => isBehindLink) === true,
    run: withPath((app, path) => void followLinks(app, path, true)),
  },
  {
    id: 'ignoreLinks',
    title: 'Stop following links',
    group: 'Stores',
    key: 'Alt+I',
    enabled: app => infoOf(app)?.followsLinks === true,
    run: withPath((app, path) => void followLinks(app, path, false)),
  },
  {
    id: 'showWarnings',
    title: 'Show warnings and damage',
    group: 'Stores',
    key: '!',
    enabled: hasStore,
    run: app => toggleDialog(app, 'warnings'),
  },
]
