import type { DType } from '../../core/format/dtype.ts'
import styles from './dtype-tag.module.css'
import { kindOfDType } from './format.ts'

export const DTypeTag = ({ dtype }: { dtype: DType | null }) => (
  <span className={`${styles['tag']} ${styles[dtype === null ? 'unknown' : kindOfDType(dtype)]}`}>
    {dtype ?? 'unknown'}
  </span>
)
