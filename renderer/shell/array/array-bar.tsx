import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { useCommandHints, useKeysOf } from '../../model/use-commands.ts'
import { useApp } from '../../model/hooks.ts'
import type { OpenStore } from '../../model/session.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { arrayKind, middleAxes } from '../../model/array-shape.ts'
import { displayOf } from '../../model/displays.ts'
import { AxisStepper } from '../../ui/axis-stepper.tsx'
import { CellControls } from '../../features/views/grid/cell-controls.tsx'
import fieldStyles from '../../ui/field.module.css'
import styles from './array-pane.module.css'
import { RowField } from '../../features/views/grid/row-field.tsx'
import { showSlice, showView } from '../../model/showing.ts'

const VIEWS = [
  { value: 'active', label: 'Hide', command: 'hideDeleted' },
  { value: 'all', label: 'Show', command: 'showDeleted' },
  { value: 'deleted', label: 'Only', command: 'onlyDeleted' },
] as const

/**
 * What part of the array the grid shows, and how: row, deleted rows, slice, cells. There is no bar for an array without
 * rows, nor where none are shown.
 */
export function ArrayBar({ store, array, index }: { store: OpenStore; array: ArrayInfo; index: readonly number[] }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const withHint = useCommandHints()
  const { view } = store
  const display = displayOf(store, array)
  const kind = arrayKind(array, view)
  if (display === 'info' || kind === 'damaged' || kind === 'scalar' || kind === 'noElements') return null
  const axes = middleAxes(array).map((size, axis) => ({ size, axis }))
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Rows">
      {kind === 'grid' && display === 'grid' && <RowField array={array} />}
      <div className={fieldStyles['field']}>
        <span>Deleted</span>
        <Segmented
          label="Deleted rows"
          segments={VIEWS.map(withHint)}
          value={view}
          onChange={value => void showView(app, value)}
        />
      </div>
      {display !== 'image' &&
        axes.map(({ size, axis }) => (
          <AxisStepper
            key={axis}
            axis={axis + 1}
            size={size}
            value={index[axis] ?? 0}
            keys={{ previous: keysOf('previousSlice'), next: keysOf('nextSlice') }}
            onChange={value => void showSlice(app, index.with(axis, value))}
          />
        ))}
      {kind === 'grid' && display === 'grid' && array.dtype !== null && <CellControls dtype={array.dtype} />}
    </div>
  )
}
