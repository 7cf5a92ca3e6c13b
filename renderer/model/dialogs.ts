import { createStore } from 'zustand/vanilla'

type OpenDialog =
  | { kind: 'palette' }
  | { kind: 'settings' }
  | { kind: 'shortcuts' }
  | { kind: 'warnings' }
  | { kind: 'notices' }
  | { kind: 'about' }
  | { kind: 'help' }
  /** Destination of a backup or unpack. `taken` is the usual destination if it exists. */
  | { kind: 'target'; job: 'backup' | 'unpack'; source: string; target: string; taken: string | null }
  /** `filter` and `reason` are set when a folder was dropped whose path the page can't know. */
  | { kind: 'folders'; filter: string; reason: string | null }

export interface Dialogs {
  open: OpenDialog | null
}

export const createDialogs = () => createStore<Dialogs>()(() => ({ open: null }))
