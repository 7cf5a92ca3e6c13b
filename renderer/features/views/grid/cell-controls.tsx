import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { canShade, formatFor, formatsOf } from '../../../grid/index.ts'
import { useCommandTooltips } from '../../../model/use-commands.ts'
import { useApp, usePreferences, useSettings } from '../../../model/hooks.ts'
import { setPreference } from '../../../model/preferences.ts'
import { setSetting } from '../../../model/settings.ts'
import { SegmentedControl } from '../../../ui/segmented-control.tsx'
import fieldStyles from '../../../ui/field.module.css'
import styles from './cell-controls.module.css'

const FORMATS = [
  { value: 'auto', label: 'Auto', command: 'formatAuto' },
  { value: 'fixed', label: 'Fixed', command: 'formatFixed' },
  { value: 'scientific', label: 'Sci', command: 'formatScientific' },
  { value: 'hex', label: 'Hex', command: 'formatHex' },
] as const

const SHADES = [
  { value: 'nothing', label: 'Off', command: 'shadeNothing' },
  { value: 'column', label: 'Column', command: 'shadeColumn' },
  { value: 'array', label: 'Array', command: 'shadeArray' },
] as const

export function CellControls({ array: { dtype } }: { array: ArrayInfo }) {
  const app = useApp()
  const withTooltip = useCommandTooltips()
  const cellFormat = useSettings(settings => settings.cellFormat)
  const shadeBy = usePreferences(preferences => preferences.shadeBy)
  if (dtype === null) return null
  const formats = FORMATS.filter(({ value }) => formatsOf(dtype).includes(value)).map(withTooltip)
  return (
    <>
      {formats.length > 1 && (
        <div className={fieldStyles['field']}>
          <span>Format</span>
          <SegmentedControl
            label="Format of cells"
            options={formats}
            value={formatFor(dtype, cellFormat)}
            onChange={value => setSetting(app, 'cellFormat', value)}
          />
        </div>
      )}
      {canShade(dtype) && (
        <div className={`${fieldStyles['field']} ${styles['last']}`}>
          <span>Shade</span>
          <SegmentedControl
            label="Shade of cells"
            options={SHADES.map(withTooltip)}
            value={shadeBy}
            onChange={value => setPreference(app, 'shadeBy', value)}
          />
        </div>
      )}
    </>
  )
}
