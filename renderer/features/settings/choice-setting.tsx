import type { SettingName, Settings } from '../../../core/explorer/contract/types.ts'
import { useApp, useSettings } from '../../model/hooks.ts'
import { setSetting } from '../../model/settings.ts'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { SettingRow } from './setting-row.tsx'

/** A setting that is one of a few texts. */
type ChoiceName = { [N in SettingName]: Settings[N] extends string ? N : never }[SettingName]

interface ChoiceSettingProps<N extends ChoiceName> {
  name: N
  label: string
  note?: string
  options: Record<Settings[N], string>
}

export function ChoiceSetting<N extends ChoiceName>({ name, label, note, options }: ChoiceSettingProps<N>) {
  const app = useApp()
  const value = useSettings(settings => settings[name])
  const entries = Object.entries(options) as [Settings[N], string][]
  return (
    <SettingRow name={name} label={label} {...(note !== undefined && { note })}>
      <SegmentedControl
        label={label}
        options={entries.map(([value, label]) => ({ value, label }))}
        value={value}
        onChange={chosen => setSetting(app, name, chosen)}
      />
    </SettingRow>
  )
}

type FlagName = { [N in SettingName]: Settings[N] extends boolean ? N : never }[SettingName]

interface FlagSettingProps {
  name: FlagName
  label: string
  note?: string
  off: string
  on: string
}

export function FlagSetting({ name, label, note, off, on }: FlagSettingProps) {
  const app = useApp()
  const value = useSettings(settings => settings[name])
  return (
    <SettingRow name={name} label={label} {...(note !== undefined && { note })}>
      <SegmentedControl
        label={label}
        options={[
          { value: 'off', label: off },
          { value: 'on', label: on },
        ]}
        value={value ? 'on' : 'off'}
        onChange={chosen => setSetting(app, name, chosen === 'on')}
      />
    </SettingRow>
  )
}
