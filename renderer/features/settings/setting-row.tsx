import type { ReactNode } from 'react'
import { DEFAULT_SETTINGS } from '../../../core/explorer/contract/default-settings.ts'
import type { SettingName } from '../../../core/explorer/contract/types.ts'
import { useApp, useSettings } from '../../model/hooks.ts'
import { setSetting } from '../../model/settings.ts'
import { Button } from '../../ui/button.tsx'
import styles from './settings.module.css'

interface SettingRowProps {
  name: SettingName
  label: string
  /** The `id` of the row's text field. */
  htmlFor?: string
  note?: string
  noteId?: string
  children: ReactNode
}

/** A setting with its name and control, and a button that restores the default where it differs. */
export function SettingRow({ name, label, htmlFor, note, noteId, children }: SettingRowProps) {
  const app = useApp()
  const differs = useSettings(settings => settings[name] !== DEFAULT_SETTINGS[name])
  return (
    <div className={styles['row']}>
      {htmlFor === undefined ? (
        <span className={styles['label']}>{label}</span>
      ) : (
        <label className={styles['label']} htmlFor={htmlFor}>
          {label}
        </label>
      )}
      <div className={styles['control']}>
        {children}
        {note !== undefined && (
          <p id={noteId} className={styles['note']}>
            {note}
          </p>
        )}
      </div>
      {differs && (
        <Button
          aria-label={`Reset ${label.toLowerCase()}`}
          onClick={({ currentTarget }) => {
            // The button is gone after this.
            currentTarget.parentElement?.querySelector<HTMLElement>('input, [role="radio"]')?.focus()
            setSetting(app, name, DEFAULT_SETTINGS[name])
          }}
        >
          Reset
        </Button>
      )}
    </div>
  )
}
