import { MENU_COMMANDS } from '../../../../core/explorer/contract/commands.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { canShade, type CellFormat, formatsOf } from '../../../grid/index.ts'
import type { App } from '../../../model/app.ts'
import type { Command } from '../../../model/commands.ts'
import { hasArray, hasGrid } from '../../../model/conditions.ts'
import { setPreference, type ShadeBy, togglePreference } from '../../../model/preferences.ts'
import { setSetting } from '../../../model/settings.ts'
import { activeArray } from '../../../model/session.ts'
import { focusField } from '../../../ui/focus-field.ts'
import { ROW_FIELD_ID } from './row-field-id.ts'

const cells = (
  id: string,
  title: string,
  key: string,
  differs: (dtype: DType) => boolean,
  run: (app: App) => void,
): Command => ({
  id,
  title,
  group: 'Cells',
  key,
  enabled: app => {
    const dtype = hasGrid(app) ? (activeArray(app.session.getState())?.dtype ?? null) : null
    return dtype !== null && differs(dtype)
  },
  run,
})

const format = (id: string, value: CellFormat, title: string, key: string): Command =>
  cells(
    id,
    title,
    key,
    dtype => formatsOf(dtype).includes(value),
    app => setSetting(app, 'cellFormat', value),
  )

const shade = (id: string, value: ShadeBy, title: string, key: string): Command =>
  cells(id, title, key, canShade, app => setPreference(app, 'shadeBy', value))

export const GRID_COMMANDS: readonly Command[] = [
  {
    id: 'goToRow',
    title: 'Go to row…',
    group: 'Rows',
    key: MENU_COMMANDS.goToRow.key,
    enabled: hasArray,
    run: () => void focusField(ROW_FIELD_ID),
  },
  {
    id: 'copyCells',
    title: 'Copy selected cells',
    group: 'Cells',
    key: 'Mod+C',
    isGridKey: true,
    enabled: hasGrid,
    run: app => void app.grid.current?.copy(),
  },
  format('formatAuto', 'auto', 'Format: full precision', 'a'),
  format('formatFixed', 'fixed', 'Format: six decimals', 'f'),
  format('formatScientific', 'scientific', 'Format: scientific', 'e'),
  format('formatHex', 'hex', 'Format: bits in hexadecimal', 'x'),
  shade('shadeNothing', 'nothing', 'Shade: nothing', 'n'),
  shade('shadeColumn', 'column', 'Shade: each column by its own range', 'm'),
  shade('shadeArray', 'array', 'Shade: all cells by the array’s range', 'w'),
  {
    id: 'toggleHistograms',
    title: 'Histograms above the columns',
    group: 'Cells',
    key: 'd',
    enabled: hasGrid,
    run: app => togglePreference(app, 'headerHistograms'),
  },
]
