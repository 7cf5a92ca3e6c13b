import { MENU_COMMANDS } from '../../../core/explorer/contract/commands.ts'
import type { App } from '../../model/app.ts'
import type { Command } from '../../model/commands.ts'
import { hasGrid } from '../../model/conditions.ts'
import { togglePanel } from '../../model/panels.ts'
import { setPreference } from '../../model/preferences.ts'
import { activeArray } from '../../model/session.ts'
import { copyCellValue } from './copy-value.ts'

const hasValue = (app: App): boolean => hasGrid(app) || activeArray(app.session.getState())?.shape.length === 0

function switchStatistics(app: App): void {
  setPreference(app, 'statisticsOf', app.preferences.getState().statisticsOf === 'array' ? 'column' : 'array')
}

export const DETAILS_COMMANDS: readonly Command[] = [
  {
    id: 'copyValue',
    title: 'Copy cell value',
    group: 'Cells',
    key: 'c',
    enabled: hasValue,
    run: app => void copyCellValue(app),
  },
  {
    id: 'switchStatistics',
    title: 'Switch statistics between array and column',
    group: 'Cells',
    key: 'k',
    enabled: hasGrid,
    run: switchStatistics,
  },
  {
    id: 'toggleDetails',
    title: 'Details panel',
    group: 'Window',
    key: MENU_COMMANDS.toggleDetails.key,
    run: app => togglePanel(app, 'details'),
  },
]
