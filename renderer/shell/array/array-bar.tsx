import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { type ArrayKind, arrayKind, middleAxes } from '../../model/array-shape.ts'
import { viewOf } from '../../model/array-views.ts'
import { useApp } from '../../model/hooks.ts'
import type { OpenStore } from '../../model/session.ts'
import { showSlice, showRowSet } from '../../model/navigation.ts'
import { useCommandTooltips, useKeysOf } from '../../model/use-commands.ts'
import { AxisStepper } from '../../ui/axis-stepper.tsx'
import fieldStyles from '../../ui/field.module.css'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import styles from './array-pane.module.css'

const ROWS = [
  { value: 'active', label: 'Hide', command: 'hideDeleted' },
  { value: 'all', label: 'Show', command: 'showDeleted' },
  { value: 'deleted', label: 'Only', command: 'onlyDeleted' },
] as const

const WITHOUT_ROWS: ReadonlySet<ArrayKind> = new Set(['behindLink', 'damaged', 'scalar', 'noElements'])

export function ArrayBar({ store, array, index }: { store: OpenStore; array: ArrayInfo; index: readonly number[] }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const withTooltip = useCommandTooltips()
  const { bar } = viewOf(app, store, array)
  const kind = arrayKind(array, store.rowSet)
  if (bar === null || WITHOUT_ROWS.has(kind)) return null
  const axes = bar.hasSlices ? middleAxes(array).map((size, axis) => ({ size, axis })) : []
  const hasCells = kind === 'grid'
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Rows">
      {hasCells && bar.start && <bar.start array={array} />}
      <div className={fieldStyles['field']}>
        <span>Deleted</span>
        <SegmentedControl
          label="Deleted rows"
          options={ROWS.map(withTooltip)}
          value={store.rowSet}
          onChange={value => void showRowSet(app, value)}
        />
      </div>
      {axes.map(({ size, axis }) => (
        <AxisStepper
          key={axis}
          axis={axis + 1}
          size={size}
          value={index[axis] ?? 0}
          shortcuts={{ previous: keysOf('previousSlice'), next: keysOf('nextSlice') }}
          onChange={value => void showSlice(app, index.with(axis, value))}
        />
      ))}
      {hasCells && bar.end && <bar.end array={array} />}
    </div>
  )
}
