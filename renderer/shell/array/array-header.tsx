import { TriangleAlert } from 'lucide-react'
import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { runCommand } from '../../model/commands.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp } from '../../model/hooks.ts'
import type { OpenStore } from '../../model/session.ts'
import { IconButton } from '../../ui/button.tsx'
import { DTypeTag } from '../../ui/dtype-tag.tsx'
import { formatBytes, pluralize, formatShapeOrScalar } from '../../ui/format.ts'
import { ViewSwitch } from './view-switch.tsx'
import styles from './array-pane.module.css'

export function ArrayHeader({ store, array }: { store: OpenStore; array: ArrayInfo }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const { name, dtype, shape, warnings } = array
  return (
    <div className={styles['header']}>
      <h1 className={styles['name']} title={name}>
        {name === '' ? '(empty name)' : name}
      </h1>
      <DTypeTag dtype={dtype} />
      <span className={styles['shape']} title={`${array.dataFile} · ${formatBytes(array.sizeBytes)}`}>
        {formatShapeOrScalar(shape)}
      </span>
      {warnings.length > 0 && (
        <IconButton
          label={pluralize(warnings.length, 'warning')}
          shortcut={keysOf('showWarnings')}
          small
          onClick={() => runCommand(app, 'showWarnings')}
        >
          <TriangleAlert size={14} color="var(--warning)" />
        </IconButton>
      )}
      <span className={styles['spacer']} />
      <ViewSwitch store={store} array={array} />
    </div>
  )
}
