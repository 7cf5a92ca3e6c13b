import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './banner.module.css'

export const Banner = ({ children, actions }: { children: ReactNode; actions?: ReactNode }) => (
  <div className={styles['banner']} role="alert">
    <TriangleAlert className={styles['icon']} size={16} aria-hidden />
    <div className={styles['text']}>{children}</div>
    {actions}
  </div>
)
