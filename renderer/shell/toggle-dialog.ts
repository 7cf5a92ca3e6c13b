import type { App } from '../model/app.ts'

type Kind = 'palette' | 'settings' | 'shortcuts' | 'warnings' | 'notices' | 'about' | 'help'

export const toggleDialog = (app: App, kind: Kind): void =>
  app.dialogs.setState(({ open }) => ({ open: open?.kind === kind ? null : { kind } }))
