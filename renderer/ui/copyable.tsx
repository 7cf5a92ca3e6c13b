import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import styles from './copyable.module.css'

interface CopyableProps {
  label: string
  shortcut?: string | undefined
  onCopy: () => void
  children: ReactNode
}

export const Copyable = ({ label, shortcut, onCopy, children }: CopyableProps) => (
  <div className={styles['box']}>
    {children}
    <IconButton label={label} shortcut={shortcut} small onClick={onCopy}>
      <Copy size={14} />
    </IconButton>
  </div>
)
