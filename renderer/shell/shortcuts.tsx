import { COMMAND_GROUPS } from '../model/commands.ts'
import { useApp } from '../model/hooks.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Modal } from '../ui/modal.tsx'
import styles from './shortcuts.module.css'
import { useIsMac, useKeysOf } from '../model/use-commands.ts'

const GRID_KEYS = (mod: string): readonly (readonly [keys: string, title: string])[] => [
  ['↑ ↓ ← →', 'Move the cell cursor'],
  ['Shift+↑ ↓ ← →', 'Extend the selection'],
  ['Page Up, Page Down', 'Move by a page'],
  ['Home, End', 'First and last column'],
  [`${mod}+Home, ${mod}+End`, 'First and last cell'],
  [`${mod}+A`, 'Select all cells'],
  ['Esc', 'Select one cell only'],
]

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { commands } = useApp()
  const keysOf = useKeysOf()
  const mod = useIsMac() ? '⌘' : 'Ctrl'
  return (
    <Modal title="Keyboard shortcuts" wide onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys scroll what has the focus */}
      <div className={styles['body']} tabIndex={0} data-first-focus>
        {COMMAND_GROUPS.map(name => (
          <KeyGroup
            key={name}
            title={name}
            keys={commands.list.filter(({ group }) => group === name).map(({ id, title }) => [keysOf(id), title])}
          />
        ))}
        <KeyGroup title="Grid" keys={GRID_KEYS(mod)} />
      </div>
    </Modal>
  )
}

const KeyGroup = ({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) => (
  <section className={styles['group']}>
    <h3>{title}</h3>
    {keys.map(([key, text]) => (
      <div key={key} className={styles['row']}>
        <span>{text}</span>
        <Kbd>{key}</Kbd>
      </div>
    ))}
  </section>
)
