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
  /** A newer notice on the same topic replaces this one. */
  topic: string | null
}

export interface Notices {
  list: readonly Notice[]
}

const MOST_NOTICES = 50

export const createNotices = () => createStore<Notices>()(() => ({ list: [] }))

let lastId = 0

/** Shows a notice and returns its id. Information disappears after a while; errors stay until dismissed. */
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

export function dismissNewest(app: App): void {
  app.notices.setState(({ list }) => ({ list: list.slice(0, -1) }))
}

export const hasNotice = (app: App): boolean => app.notices.getState().list.length > 0

export function dismiss(app: App, id: number): void {
  app.notices.setState(({ list }) => ({ list: list.filter(notice => notice.id !== id) }))
}
