import { Tooltip as RadixTooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './tooltip.module.css'
import { Kbd } from './kbd.tsx'

interface TooltipProps {
  label: string
  shortcut?: string | undefined
  children: ReactNode
}

export const Tooltip = ({ label, shortcut, children }: TooltipProps) => (
  <RadixTooltip.Root>
    <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
    <RadixTooltip.Portal>
      <RadixTooltip.Content className={styles['tooltip']} sideOffset={5} collisionPadding={6}>
        {label}
        {shortcut !== undefined && <Kbd>{shortcut}</Kbd>}
      </RadixTooltip.Content>
    </RadixTooltip.Portal>
  </RadixTooltip.Root>
)
