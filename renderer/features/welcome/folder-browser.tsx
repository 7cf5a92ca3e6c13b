import { CornerLeftUp, Database, Folder as FolderIcon, House, Package } from 'lucide-react'
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import type { FolderEntry } from '../../../core/explorer/contract/types.ts'
import { movedIndex } from '../../ui/moved-index.ts'
import { useApp } from '../../model/hooks.ts'
import { openPaths } from '../../model/opening.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Modal } from '../../ui/modal.tsx'
import styles from './folder-browser.module.css'
import { PathField } from './path-field.tsx'
import { useFolder } from './use-folder.ts'

interface FolderBrowserProps {
  filter: string
  reason: string | null
  onClose: () => void
}

/** Names hold no slash, so that a filter with one is a path that was pasted into the wrong field. */
const looksLikePath = (text: string): boolean => /[/\\]|^\s*~/.test(text)

/** Dialog that opens a folder on the host's machine, for windows without the system's dialog. */
export function FolderBrowser({ filter: firstFilter, reason, onClose }: FolderBrowserProps) {
  const app = useApp()
  const id = useId()
  const filterField = useRef<HTMLInputElement>(null)
  const { folder, failure, go } = useFolder()
  const isOpen = useRef(false)
  /** Whether Enter was pressed before the first folder was listed. */
  const isEnterAwaited = useRef(false)
  const [filter, setFilter] = useState(firstFilter)
  const [at, setAt] = useState(0)
  const parent = folder?.parent ?? null
  const entries = (folder?.entries ?? []).filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
  const chosen = entries[Math.min(at, entries.length - 1)]
  const chosenAt = chosen ? entries.indexOf(chosen) : -1

  useEffect(() => {
    // Newer Chromiums return a promise, which an effect must not return: keep the braces.
    document.getElementById(`${id}-${chosenAt}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosenAt])

  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])

  const goTo = (path: string | null): void => {
    void go(path)
    setFilter('')
    setAt(0)
    filterField.current?.focus()
  }
  const open = (path: string): void => {
    onClose()
    void openPaths(app, [path])
  }
  const goToTyped = async (path: string): Promise<void> => {
    const listed = await go(path)
    // The dialog may have been closed while the path was looked up.
    if (listed === null || !isOpen.current) return
    if (listed.found !== null) open(listed.found.path)
    setFilter('')
    setAt(0)
  }
  const enter = ({ kind, path, problem }: FolderEntry): void => {
    if (problem !== null) return
    if (kind === 'folder') goTo(path)
    else open(path)
  }
  const enterAwaited = useEffectEvent(() => {
    if (isEnterAwaited.current && chosen) enter(chosen)
    isEnterAwaited.current = false
  })
  useEffect(() => {
    if (folder !== null) enterAwaited()
  }, [folder])
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedIndex(event.key, chosenAt, entries.length, true)
    if (next !== null) setAt(next)
    else if (event.key === 'Enter' && chosen) enter(chosen)
    else if (event.key === 'Enter' && looksLikePath(filter)) void goToTyped(filter)
    else if (event.key === 'Enter' && folder === null) isEnterAwaited.current = true
    else if (event.key === 'Backspace' && filter === '' && parent !== null) goTo(parent)
    else return
    event.preventDefault()
  }

  return (
    <Modal title="Open a store or a package" onClose={onClose}>
      <div className={styles['body']}>
        {reason !== null && <p className={styles['reason']}>{reason}</p>}
        <div className={styles['line']}>
          <PathField path={folder?.path ?? ''} onGo={path => void goToTyped(path)} />
          <IconButton label="Home folder" onClick={() => goTo(null)}>
            <House size={15} />
          </IconButton>
          <IconButton label="Folder above" shortcut="Backspace" disabled={parent === null} onClick={() => goTo(parent)}>
            <CornerLeftUp size={15} />
          </IconButton>
        </div>
        <div className={styles['line']}>
          <input
            ref={filterField}
            data-first-focus
            type="text"
            role="combobox"
            aria-label="Filter folders"
            aria-expanded
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen && `${id}-${chosenAt}`}
            placeholder="Filter; ↑ ↓ choose, Enter opens, Backspace goes up"
            autoComplete="off"
            spellCheck={false}
            value={filter}
            onChange={({ target }) => {
              setFilter(target.value)
              setAt(0)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {failure}
          </p>
        )}
        <div id={`${id}-list`} className={styles['list']} role="listbox" aria-label="Folders">
          {entries.map((entry, index) => (
            <Entry
              key={entry.path}
              id={`${id}-${index}`}
              entry={entry}
              selected={index === chosenAt}
              onChoose={() => setAt(index)}
              onEnter={() => enter(entry)}
            />
          ))}
          {folder && entries.length === 0 && (
            <p className={styles['note']}>
              {filter === ''
                ? 'This folder contains no folders or packages.'
                : looksLikePath(filter)
                  ? 'Press Enter to open this path.'
                  : `Nothing matches “${filter}”.`}
            </p>
          )}
        </div>
        <div className={styles['foot']}>
          <p>{folder?.truncated && 'Not all folders are listed; type a path to reach the others.'}</p>
          <Button onClick={() => folder && open(folder.path)} disabled={folder === null}>
            Open this folder
          </Button>
          <Button
            primary
            className={styles['main']}
            onClick={() => chosen && enter(chosen)}
            disabled={!chosen || chosen.problem !== null}
          >
            {chosen?.kind === 'folder' ? 'Go into' : 'Open'} {chosen?.name}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

interface EntryProps {
  id: string
  entry: FolderEntry
  selected: boolean
  onChoose: () => void
  onEnter: () => void
}

const ICONS = { folder: FolderIcon, store: Database, package: Package } as const

function Entry({ id, entry: { name, kind, path, problem }, selected, onChoose, onEnter }: EntryProps) {
  const Icon = ICONS[kind]
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys belong to the filter above the list
    <div
      id={id}
      className={`${styles['entry']} ${kind === 'folder' ? '' : styles['store']}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-disabled={problem !== null}
      title={problem ?? path}
      onClick={onChoose}
      onDoubleClick={onEnter}
    >
      <Icon size={14} aria-hidden />
      <span>{name}</span>
      {problem === null ? kind !== 'folder' && <small>{kind}</small> : <small>{problem}</small>}
    </div>
  )
}
