import type { DType } from '../../core/format/dtype.ts'
import styles from './dtype-tag.module.css'
import { kindOfDType } from './format.ts'

/** The dtype of an array, coloured by its kind; null for a dtype that this version does not know. */
export const DTypeTag = ({ dtype }: { dtype: DType | null }) => (
  <span className={`${styles['tag']} ${styles[dtype === null ? 'unknown' : kindOfDType(dtype)]}`}>
    {dtype ?? 'unknown'}
  </span>
)
