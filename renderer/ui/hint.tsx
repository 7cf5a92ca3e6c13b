import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './hint.module.css'
import { Kbd } from './kbd.tsx'

interface HintProps {
  label: string
  keys?: string | undefined
  children: ReactNode
}

export const Hint = ({ label, keys, children }: HintProps) => (
  <Tooltip.Root>
    <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
    <Tooltip.Portal>
      <Tooltip.Content className={styles['hint']} sideOffset={5} collisionPadding={6}>
        {label}
        {keys !== undefined && <Kbd>{keys}</Kbd>}
      </Tooltip.Content>
    </Tooltip.Portal>
  </Tooltip.Root>
)
