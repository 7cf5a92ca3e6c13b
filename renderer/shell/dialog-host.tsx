import { type ComponentType, useEffect, useState } from 'react'
import { reportFailure } from '../model/error-message.ts'
import { useApp, useDialogs } from '../model/hooks.ts'
import { LOAD_AFTER_MS } from './use-early-loading.ts'

/** Loads the dialogs without `lazy`, which suspends even when loaded, and React delays what replaces a fallback. */
export function DialogHost() {
  const app = useApp()
  const isOpen = useDialogs(({ open }) => open !== null)
  const [Dialogs, setDialogs] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (Dialogs !== null) return undefined
    const load = async (): Promise<void> => {
      try {
        const loaded = await import('./dialogs.tsx')
        setDialogs(() => loaded.Dialogs)
      } catch (error) {
        if (isOpen) reportFailure(app, error)
      }
    }
    const timer = setTimeout(() => void load(), isOpen ? 0 : LOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [app, Dialogs, isOpen])
  return Dialogs && <Dialogs />
}
