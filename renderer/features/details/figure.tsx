import { type ClipboardEvent, createElement } from 'react'
import { useApp } from '../../model/hooks.ts'
import { copiedNumber } from '../../model/settings.ts'
import { plainNumber } from '../../ui/number-text.ts'
import styles from './stats.module.css'

/** A number that a click selects as a whole, that breaks between groups of digits, and is copied as programs read it. */
export function Figure({ text }: { text: string }) {
  const app = useApp()
  const onCopy = (event: ClipboardEvent): void => {
    // A selection of more than this number stays as it is.
    if (getSelection()?.toString().trim() !== text) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', copiedNumber(app, plainNumber(text)))
  }
  // As arguments of createElement, unlike in a list, the parts need no keys.
  const parts = text.split(',').flatMap((digits, i) => (i === 0 ? [digits] : [',', createElement('wbr'), digits]))
  return createElement('span', { className: styles['number'], onCopy }, ...parts)
}
