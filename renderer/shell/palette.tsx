import { Command } from 'cmdk'
import { useRef, useState } from 'react'
import { filterArrays } from '../features/arrays/filter.ts'
import { showArray } from '../model/navigation.ts'
import { useApp, useSession } from '../model/hooks.ts'
import { activate } from '../model/opening.ts'
import { activeStore } from '../model/session.ts'
import { formatShape } from '../ui/format.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Modal } from '../ui/modal.tsx'
import { isEnabled, runCommand } from '../model/commands.ts'
import styles from './palette.module.css'
import { useKeysOf } from '../model/use-commands.ts'

/** Users narrow longer results by typing. */
const MOST_ARRAYS = 30

export function Palette({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const [search, setSearch] = useState('')
  const stores = useSession(session => session.stores)
  const info = useSession(session => activeStore(session)?.info)
  const arrays = search === '' ? [] : filterArrays(info?.arrays ?? [], search).slice(0, MOST_ARRAYS)
  const words = search.toLowerCase().split(/\s+/)
  const fits = (text: string): boolean => words.every(word => text.toLowerCase().includes(word))
  const commands = app.commands.list.filter(
    command => command.id !== 'commandPalette' && isEnabled(app, command) && fits(`${command.title} ${command.group}`),
  )
  const fittingStores = stores.length > 1 ? stores.filter(store => fits(store.info.name)) : []
  // Run the command after the dialog has returned the focus; it may move it elsewhere.
  const chosen = useRef<() => void>(null)
  const choose = (run: () => void): (() => void) => {
    return () => {
      chosen.current = run
      onClose()
    }
  }
  return (
    <Modal title="Commands" bare onClose={onClose} onClosed={() => chosen.current?.()}>
      <Command className={styles['palette']} label="Commands" shouldFilter={false} loop>
        <Command.Input value={search} onValueChange={setSearch} placeholder="Type a command, an array or a store" />
        <Command.List className={styles['list']}>
          <Command.Empty className={styles['none']}>No results.</Command.Empty>
          {commands.map(({ id, title }) => (
            <Command.Item
              key={id}
              value={`command ${id}`}
              className={styles['item']}
              onSelect={choose(() => runCommand(app, id))}
            >
              <span className={styles['label']}>{title}</span>
              <Kbd>{keysOf(id)}</Kbd>
            </Command.Item>
          ))}
          {arrays.length > 0 && info && (
            <Command.Group heading="Arrays">
              {arrays.map(({ name, dtype, shape }) => (
                <Command.Item
                  key={name}
                  value={`array ${name}`}
                  className={styles['item']}
                  onSelect={choose(() => void showArray(app, info.path, name))}
                >
                  <span className={styles['label']}>{name}</span>
                  <span className={styles['detail']}>
                    {dtype} {formatShape(shape)}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {fittingStores.length > 0 && (
            <Command.Group heading="Open stores">
              {fittingStores.map(({ info: { name, path } }) => (
                <Command.Item
                  key={path}
                  value={`store ${path}`}
                  className={styles['item']}
                  onSelect={choose(() => activate(app, path))}
                >
                  <span className={styles['label']}>{name}</span>
                  <span className={styles['detail']}>{path}</span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Modal>
  )
}
