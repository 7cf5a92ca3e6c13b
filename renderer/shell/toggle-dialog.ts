import type { App } from '../model/app.ts'

/** Opens a dialog, or closes it when it is open. */
export const toggleDialog = (app: App, kind: 'palette' | 'shortcuts' | 'warnings' | 'notices'): void =>
  app.dialogs.setState(({ open }) => ({ open: open?.kind === kind ? null : { kind } }))
