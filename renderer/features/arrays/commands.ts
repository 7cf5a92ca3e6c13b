import { MENU_COMMANDS } from '../../../core/explorer/contract/commands.ts'
import type { Command } from '../../model/commands.ts'
import { hasStore } from '../../model/conditions.ts'
import { togglePanel } from '../../model/panels.ts'
import { stepArray } from '../../model/navigation.ts'
import { focusArrayFilter } from './focus-filter.ts'

export const ARRAY_COMMANDS: readonly Command[] = [
  {
    id: 'filterArrays',
    title: 'Filter the arrays',
    group: 'Arrays',
    key: '/',
    enabled: hasStore,
    run: focusArrayFilter,
  },
  {
    id: 'nextArray',
    title: 'Next array',
    group: 'Arrays',
    key: 'Alt+ArrowDown',
    enabled: hasStore,
    run: app => void stepArray(app, 1),
  },
  {
    id: 'previousArray',
    title: 'Previous array',
    group: 'Arrays',
    key: 'Alt+ArrowUp',
    enabled: hasStore,
    run: app => void stepArray(app, -1),
  },
  {
    id: 'toggleArrays',
    title: 'Arrays panel',
    group: 'Window',
    key: MENU_COMMANDS.toggleArrays.key,
    run: app => togglePanel(app, 'arrays'),
  },
]
