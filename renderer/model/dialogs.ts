import { createStore } from 'zustand/vanilla'

type OpenDialog =
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'warnings' }
  /** The licences of what others wrote. */
  | { kind: 'notices' }
  /** Where a backup or what is unpacked goes. `taken` is the usual name where something has it already. */
  | { kind: 'target'; job: 'backup' | 'unpack'; source: string; target: string; taken: string | null }
  /** `filter` and `reason` are there when a folder was dropped whose path the page can't know. */
  | { kind: 'folders'; filter: string; reason: string | null }

export interface Dialogs {
  open: OpenDialog | null
}

export const createDialogs = () => createStore<Dialogs>()(() => ({ open: null }))
