import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import styles from './copyable.module.css'

interface CopyableProps {
  label: string
  keys?: string | undefined
  onCopy: () => void
  children: ReactNode
}

export const Copyable = ({ label, keys, onCopy, children }: CopyableProps) => (
  <div className={styles['box']}>
    {children}
    <IconButton label={label} keys={keys} small onClick={onCopy}>
      <Copy size={14} />
    </IconButton>
  </div>
)
