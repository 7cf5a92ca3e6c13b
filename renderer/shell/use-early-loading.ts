import { useEffect } from 'react'
import { useApp } from '../model/hooks.ts'

/** How long after the start of the window the code is loaded that the first screen does without, in ms. */
export const LOAD_AFTER_MS = 1000

/**
 * Loads the code of all views soon after the start. A page that stays open after its host has ended then needs no code from
 * whoever has the port by that time.
 */
export function useEarlyLoading(): void {
  const { views } = useApp()
  useEffect(() => {
    // A view that fails to load here loads again when it is chosen, and shows the error then.
    const load = (): void => void Promise.allSettled(views.map(view => Promise.resolve(view.load?.())))
    const timer = setTimeout(load, LOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [views])
}
