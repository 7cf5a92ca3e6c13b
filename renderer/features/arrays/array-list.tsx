import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { showArray } from '../../model/navigation.ts'
import { ARRAY_FILTER_ID } from './focus-filter.ts'
import { useApp } from '../../model/hooks.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { ArrayItem, itemHeight } from './array-item.tsx'
import styles from './arrays-panel.module.css'
import { movedIndex } from '../../ui/moved-index.ts'

interface ArrayListProps {
  store: string
  arrays: readonly ArrayInfo[]
  activeName: string | null
  filter: string
  onFilter: (filter: string) => void
  nothing: string | null
}

/** Whether an item is in full view. `scrollToIndex` checks this too, but forces a layout. */
function isInView(
  { measurementsCache, scrollOffset, scrollRect }: Virtualizer<HTMLDivElement, Element>,
  index: number,
) {
  const item = measurementsCache[index]
  if (item === undefined || scrollRect === null) return false
  const top = scrollOffset ?? 0
  return item.start >= top && item.end <= top + scrollRect.height
}

export function ArrayList({ store, arrays, activeName, filter, onFilter, nothing }: ArrayListProps) {
  const app = useApp()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<number | null>(null)
  const activeAt = arrays.findIndex(({ name }) => name === activeName)
  const at = active !== null && active < arrays.length ? active : Math.max(0, activeAt)
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used here
  const virtual = useVirtualizer({
    count: arrays.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => itemHeight(arrays[index]!),
    getItemKey: index => arrays[index]!.name,
    overscan: 6,
  })

  useEffect(() => {
    virtual.measure()
  }, [arrays, virtual])
  useEffect(() => {
    if (activeAt >= 0 && !isInView(virtual, activeAt)) virtual.scrollToIndex(activeAt)
  }, [activeAt, virtual])

  const open = async (index: number): Promise<void> => {
    const array = arrays[index]
    if (!array) return
    setActive(null)
    await showArray(app, store, array.name)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter' && arrays.length > 0) {
      event.preventDefault()
      const field = event.target as HTMLElement
      void open(at).then(() =>
        requestAnimationFrame(() => (app.grid.current ? app.grid.current.focus() : field.blur())),
      )
      return
    }
    if (event.key === 'Escape' && filter !== '') {
      event.preventDefault()
      onFilter('')
      return
    }
    const inText = event.target instanceof HTMLInputElement
    const next = movedIndex(event.key, at, arrays.length, inText)
    if (next === null) return
    event.preventDefault()
    setActive(next)
    virtual.scrollToIndex(next)
  }

  const activeId = arrays[at] && `${id}-${at}`
  return (
    <>
      <div className={styles['filter']}>
        <input
          id={ARRAY_FILTER_ID}
          type="text"
          role="combobox"
          aria-label="Filter arrays"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={activeId}
          placeholder="Filter"
          autoComplete="off"
          spellCheck={false}
          value={filter}
          onChange={({ target }) => {
            onFilter(target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd>/</Kbd>
      </div>
      {arrays.length === 0 && <p className={styles['none']}>{nothing ?? `No array matches “${filter}”.`}</p>}
      <div
        ref={scroller}
        id={`${id}-list`}
        className={styles['list']}
        role="listbox"
        aria-label="Arrays"
        aria-activedescendant={activeId}
        tabIndex={arrays.length > 0 ? 0 : -1}
        onKeyDown={onKeyDown}
      >
        <div className={styles['run']} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => (
            <ArrayItem
              key={key}
              id={`${id}-${index}`}
              array={arrays[index]!}
              position={index + 1}
              total={arrays.length}
              top={start}
              selected={index === activeAt}
              active={active !== null && index === at}
              onOpen={() => void open(index)}
            />
          ))}
        </div>
      </div>
    </>
  )
}
