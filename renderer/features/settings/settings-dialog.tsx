import { type ReactNode, useId } from 'react'
import { useStore } from 'zustand'
import { reportFailure } from '../../model/error-message.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { setSetting } from '../../model/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Modal } from '../../ui/modal.tsx'
import { ChoiceSetting, FlagSetting } from './choice-setting.tsx'
import { formatCache, parseCache, parseFolder, parseThreads } from './parse-setting.ts'
import styles from './settings.module.css'
import { TextSetting } from './text-setting.tsx'

const THEMES = { system: 'System', light: 'Light', dark: 'Dark' } as const
const DENSITIES = { compact: 'Compact', normal: 'Normal', comfortable: 'Comfortable' } as const
const FORMATS = {
  auto: 'Full precision',
  fixed: 'Six decimals',
  scientific: 'Scientific',
  hex: 'Hexadecimal',
} as const

/** The settings of the program. Each change applies at once. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal title="Settings" wide onClose={onClose}>
      <div className={styles['body']} tabIndex={-1} data-first-focus>
        <Section title="Appearance">
          <ChoiceSetting name="theme" label="Theme" options={THEMES} />
          <ChoiceSetting name="rowDensity" label="Row density" options={DENSITIES} />
        </Section>
        <Section title="Numbers">
          <ChoiceSetting name="cellFormat" label="Number format" options={FORMATS} note="For the cells of the grid." />
          <FlagSetting
            name="decimalComma"
            label="Decimal separator"
            off="Point, 0.5"
            on="Comma, 0,5"
            note="Of copied cells and statistics; on screen it is a point."
          />
        </Section>
        <Section title="Start and backups">
          <FlagSetting name="restoresStores" label="At the start" on="Open the last stores" off="Open nothing" />
          <BackupFolder />
        </Section>
        <Section title="Performance">
          <TextSetting
            name="workerThreads"
            label="Worker threads"
            placeholder="automatic"
            note="For statistics of large arrays, and for compressing a backup. From the next one on."
            parse={parseThreads}
            format={String}
          />
          <TextSetting
            name="cacheBytes"
            label="Cache limit"
            placeholder="automatic"
            unit="GiB"
            note="The most that an open package has decompressed on disk. Automatic: 16 GiB. Half of the free space stays free."
            parse={parseCache}
            format={formatCache}
          />
        </Section>
      </div>
      <SettingsFile />
    </Modal>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

function BackupFolder() {
  const app = useApp()
  const canPick = useSession(({ environment }) => environment?.canPickFolder === true)
  const pick = async (): Promise<void> => {
    try {
      const { result } = await app.bridge.request('pickFolder', {})
      const [folder] = result.paths
      if (folder !== undefined) setSetting(app, 'backupFolder', folder)
    } catch (error) {
      reportFailure(app, error)
    }
  }
  return (
    <TextSetting
      name="backupFolder"
      label="Backup folder"
      placeholder="beside the store"
      isLong
      note="Where it is missing, a backup goes beside its store. “Back up to…” changes it to the folder chosen there."
      parse={parseFolder}
      format={folder => folder}
    >
      {canPick && (
        <Button aria-label="Choose the backup folder" onClick={() => void pick()}>
          Choose…
        </Button>
      )}
    </TextSetting>
  )
}

function SettingsFile() {
  const file = useStore(useApp().settings, settings => settings.file)
  return (
    <p className={styles['file']}>
      {file === null ? (
        'Settings are kept only until the program ends.'
      ) : (
        <>
          Kept in <code>{file}</code>
        </>
      )}
    </p>
  )
}
