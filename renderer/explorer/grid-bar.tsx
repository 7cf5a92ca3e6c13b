import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import { useCommandHints } from '../shell/use-keys.ts'
import { useApp } from '../state/hooks.ts'
import type { OpenStore } from '../state/session.ts'
import { Segmented } from '../ui/segmented.tsx'
import { arrayKind, middleAxes } from './array-shape.ts'
import { displayOf } from './displays.ts'
import { AxisStepper } from './axis-stepper.tsx'
import { CellControls } from './cell-controls.tsx'
import styles from './explorer.module.css'
import { RowField } from './row-field.tsx'
import { showSlice, showView } from './showing.ts'

const VIEWS = [
  { value: 'active', label: 'Hide', command: 'hideDeleted' },
  { value: 'all', label: 'Show', command: 'showDeleted' },
  { value: 'deleted', label: 'Only', command: 'onlyDeleted' },
] as const

/**
 * What part of the array the grid shows, and how: row, deleted rows, slice, cells. There is no bar for an array without
 * rows, nor where none are shown.
 */
export function GridBar({ store, array, index }: { store: OpenStore; array: ArrayInfo; index: readonly number[] }) {
  const app = useApp()
  const withHint = useCommandHints()
  const { view } = store
  const display = displayOf(store, array)
  const kind = arrayKind(array, view)
  if (display === 'info' || kind === 'damaged' || kind === 'scalar' || kind === 'noElements') return null
  const axes = middleAxes(array).map((size, axis) => ({ size, axis }))
  return (
    <div className={styles['bar']} role="toolbar" aria-label="Rows">
      {kind === 'grid' && display === 'grid' && <RowField array={array} />}
      <div className={styles['field']}>
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
            onChange={value => void showSlice(app, index.with(axis, value))}
          />
        ))}
      {kind === 'grid' && display === 'grid' && array.dtype !== null && <CellControls dtype={array.dtype} />}
    </div>
  )
}
