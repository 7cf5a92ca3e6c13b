import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { IconButton } from './button.tsx'
import styles from './modal.module.css'

interface ModalProps {
  title: string
  /** Hides the title bar with the close button; screen readers still get the title. */
  bare?: boolean
  wide?: boolean
  onClose: () => void
  /** Called when the dialog is gone and the focus is back. */
  onClosed?: () => void
  children: ReactNode
}

/** Focuses `data-first-focus`, else the dialog. Radix focuses the close button, whose tooltip takes Escape. */
function focusDialog(event: Event): void {
  event.preventDefault()
  if (!(event.currentTarget instanceof HTMLElement)) return
  const first = event.currentTarget.querySelector<HTMLElement>('[data-first-focus]')
  ;(first ?? event.currentTarget).focus()
}

/** A dialog with its own overlay: that of Radix adds an inline style sheet, which the CSP refuses. */
export function Modal({ title, bare = false, wide = false, onClose, onClosed, children }: ModalProps) {
  const [opener] = useState(() => document.activeElement)
  // Radix returns the focus to a trigger only; these dialogs also open by keys.
  const giveFocusBack = (event: Event): void => {
    event.preventDefault()
    if (opener instanceof HTMLElement) opener.focus()
    onClosed?.()
  }
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <div className={styles['veil']} />
        <Dialog.Content
          className={`${styles['modal']} ${wide ? styles['wide'] : ''}`}
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocusBack}
          onOpenAutoFocus={bare ? undefined : focusDialog}
        >
          {bare ? (
            <Dialog.Title className={styles['hidden']}>{title}</Dialog.Title>
          ) : (
            <div className={styles['head']}>
              <Dialog.Title className={styles['title']}>{title}</Dialog.Title>
              <IconButton label="Close" shortcut="Esc" onClick={onClose}>
                <X size={16} />
              </IconButton>
            </div>
          )}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
