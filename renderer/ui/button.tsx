import type { ComponentProps } from 'react'
import styles from './button.module.css'
import { Tooltip } from './tooltip.tsx'

type ButtonProps = ComponentProps<'button'> & { primary?: boolean }

export const Button = ({ primary = false, className = '', ...props }: ButtonProps) => (
  <button type="button" className={`${styles['button']} ${primary ? styles['primary'] : ''} ${className}`} {...props} />
)

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'title'> {
  label: string
  shortcut?: string | undefined
  small?: boolean
}

export const IconButton = ({ label, shortcut, small = false, className = '', ...props }: IconButtonProps) => (
  <Tooltip label={label} shortcut={shortcut}>
    <button
      type="button"
      aria-label={label}
      className={`${styles['icon']} ${small ? styles['small'] : ''} ${className}`}
      {...props}
    />
  </Tooltip>
)
