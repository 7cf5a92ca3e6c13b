import type { App } from '../model/app.ts'

export const toggleDialog = (app: App, kind: 'palette' | 'settings' | 'shortcuts' | 'warnings' | 'notices'): void =>
  app.dialogs.setState(({ open }) => ({ open: open?.kind === kind ? null : { kind } }))
