import { type ReactNode, useId, useState } from 'react'
import type { SettingName, Settings } from '../../../core/explorer/contract/types.ts'
import { useApp, useSettings } from '../../model/hooks.ts'
import { setSetting } from '../../model/settings.ts'
import type { ParsedSetting } from './parse-setting.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

/** A setting with a default that is no value of its own. */
type OptionalName = { [N in SettingName]: null extends Settings[N] ? N : never }[SettingName]

interface TextSettingProps<N extends OptionalName> {
  name: N
  label: string
  note: string
  /** What an empty field means. */
  placeholder: string
  isLong?: boolean
  unit?: string
  parse: (text: string) => ParsedSetting<Settings[N]>
  format: (value: NonNullable<Settings[N]>) => string
  children?: ReactNode
}

/** A text field that applies what it understands at once, and refuses anything else when it is left. */
export function TextSetting<N extends OptionalName>(props: TextSettingProps<N>) {
  const { name, label, note, placeholder, isLong = false, unit, parse, format, children } = props
  const app = useApp()
  const id = useId()
  const value = useSettings(settings => settings[name])
  /** What was typed, and the value of the setting then: another value replaces the text. */
  const [draft, setDraft] = useState<{ text: string; value: Settings[N] } | null>(null)
  const [isLeft, setLeft] = useState(true)
  const typed = draft?.value === value ? draft.text : null
  const parsed = typed === null ? null : parse(typed)
  const problem = isLeft && parsed?.ok === false ? parsed.message : null

  const edit = (text: string): void => {
    const next = parse(text)
    setLeft(false)
    setDraft({ text, value: next.ok ? next.value : value })
    if (next.ok) setSetting(app, name, next.value)
  }
  const leave = (): void => {
    setLeft(true)
    if (parsed?.ok === true) setDraft(null)
  }
  return (
    <SettingRow name={name} label={label} htmlFor={id} note={note} noteId={`${id}-note`}>
      <div className={styles['line']}>
        <input
          id={id}
          type="text"
          className={isLong ? styles['path'] : styles['number']}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? `${id}-note` : `${id}-problem ${id}-note`}
          value={typed ?? (value === null ? '' : format(value))}
          onChange={({ target }) => edit(target.value)}
          onBlur={leave}
          onKeyDown={({ key }) => {
            if (key === 'Enter') leave()
          }}
        />
        {unit !== undefined && <span className={styles['unit']}>{unit}</span>}
        {children}
      </div>
      {problem !== null && (
        <p id={`${id}-problem`} className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
    </SettingRow>
  )
}
