import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Recent } from '../../../core/explorer/contract/types.ts'
import { movedIndex } from '../../ui/moved-index.ts'
import { RecentItem } from './recent-item.tsx'

function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('[data-recent]')]
  const at = buttons.findIndex(button => button === document.activeElement)
  const next = at < 0 || event.altKey ? null : movedIndex(event.key, at, buttons.length, false)
  if (next === null) return
  event.preventDefault()
  buttons[next]?.focus()
}

interface RecentListProps {
  recents: readonly Recent[]
  now: number
}

export function RecentList({ recents, now }: RecentListProps) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) list.current?.querySelector('button')?.focus()
  }, [])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- moves the focus between its buttons
    <ul ref={list} onKeyDown={moveFocus}>
      {recents.map(recent => (
        <RecentItem key={recent.path} recent={recent} now={now} />
      ))}
    </ul>
  )
}
