import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

interface EmptyStateProps {
  icon: LucideIcon
  title: string
  warning?: boolean
  children?: ReactNode
  actions?: ReactNode
}

export const EmptyState = ({ icon: Icon, title, warning = false, children, actions }: EmptyStateProps) => (
  <div className={`${styles['state']} ${warning ? styles['warning'] : ''}`}>
    <Icon className={styles['icon']} size={28} strokeWidth={1.5} aria-hidden />
    <h2 className={styles['title']}>{title}</h2>
    {children && <div className={styles['text']}>{children}</div>}
    {actions && <div className={styles['actions']}>{actions}</div>}
  </div>
)
