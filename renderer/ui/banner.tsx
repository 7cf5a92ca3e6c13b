import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './banner.module.css'

/** A line above what it is about: something is wrong, and this is what to do. */
export const Banner = ({ children, actions }: { children: ReactNode; actions?: ReactNode }) => (
  <div className={styles['banner']} role="alert">
    <TriangleAlert className={styles['icon']} size={16} aria-hidden />
    <div className={styles['text']}>{children}</div>
    {actions}
  </div>
)
