import { createStore } from 'zustand/vanilla'
import type { App } from './app.ts'

export interface NoticeAction {
  label: string
  run(): void
}

export interface Notice {
  id: number
  kind: 'info' | 'error'
  message: string
  action: NoticeAction | null
  /** A newer notice about the same topic takes this one's place. */
  topic: string | null
}

export interface Notices {
  list: readonly Notice[]
}

/** Older ones go: nobody reads back further. */
const MOST_NOTICES = 50

export const createNotices = () => createStore<Notices>()(() => ({ list: [] }))

let lastId = 0

/** Shows a sentence. Informations go by themselves, errors stay until they are dismissed. Returns its id. */
export function announce(
  app: App,
  kind: Notice['kind'],
  message: string,
  { topic = null, action = null }: { topic?: string | null; action?: NoticeAction | null } = {},
): number {
  const notice: Notice = { id: ++lastId, kind, message, action, topic }
  app.notices.setState(({ list }) => ({
    list: [...list.filter(other => topic === null || other.topic !== topic), notice].slice(-MOST_NOTICES),
  }))
  return notice.id
}

export function dismiss(app: App, id: number): void {
  app.notices.setState(({ list }) => ({ list: list.filter(notice => notice.id !== id) }))
}
