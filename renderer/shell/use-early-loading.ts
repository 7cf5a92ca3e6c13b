import { useEffect } from 'react'
import { useApp } from '../model/hooks.ts'

/** Delay before code is loaded that the first screen does not need, milliseconds. */
export const LOAD_AFTER_MS = 1000

/**
 * Loads all views soon after the start: once the host has ended, another program could take its port and serve code.
 */
export function useEarlyLoading(): void {
  const { views } = useApp()
  useEffect(() => {
    // A view that fails to load here loads again when it is selected, and shows the error then.
    const load = (): void => void Promise.allSettled(views.map(view => Promise.resolve(view.load?.())))
    const timer = setTimeout(load, LOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [views])
}
