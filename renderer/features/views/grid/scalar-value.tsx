import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import { useCell } from '../../../model/use-cell.ts'
import styles from './scalar-value.module.css'

export function ScalarValue({ store, array }: { store: StoreInfo; array: ArrayInfo }) {
  const address = { store: store.id, array: array.name, rowSet: 'active', row: 0, column: 0, index: [] } as const
  const { cell, failure } = useCell(address, array.generation)
  return (
    <div className={styles['scalar']}>
      {cell && <output aria-label="Value">{cell.value}</output>}
      <p className={styles['note']}>{failure ?? 'A single value: this array has no axes.'}</p>
    </div>
  )
}
